package io.mailkeep.testing.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger is another process', and holds what it was told. */
class LedgerTest {
    @TempDir Path temp;

    @Test
    void whatComesBackStandsInTheFile() throws Exception {
        Path file = temp.resolve("ledger");
        try (Ledger ledger = Ledger.open(file)) {
            assertThat(ledger.keeper().pid()).isNotEqualTo(ProcessHandle.current().pid());
            Attempt one = ledger.sent(Verb.APPEND, "a", "t1", "", "INBOX", "\\Seen", "00");
            assertThat(Ledger.read(file)).hasSize(1);
            ledger.ended(one, LedgerEntry.Phase.ACKED, "OK");
            assertThat(Ledger.read(file))
                    .extracting(LedgerEntry::attempt)
                    .containsExactly(one, one);
        }
        Files.writeString(file, "{\"attempt\":", StandardOpenOption.APPEND);
        assertThat(Ledger.read(file)).as("a last line that was cut off").hasSize(2);
    }

    /** Whoever writes to it dies: what was written into the pipe is kept, and it ends by itself. */
    @Test
    void itOutlivesTheLoad() throws Exception {
        Path file = temp.resolve("ledger");
        String classPath = System.getProperty("java.class.path");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process shell =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                // the keeper makes the file: killed before, it wouldn't be there
                                "(until [ -e \"$3\" ]; do sleep 0.05; done; echo one; echo two; kill -9 $$)"
                                        + " | exec \"$0\" -cp \"$1\" \"$2\" \"$3\"",
                                java,
                                classPath,
                                LedgerKeeper.class.getName(),
                                file.toString())
                        .start();
        shell.waitFor();
        for (int tenths = 0; tenths < 300 && lines(file).size() < 2; tenths++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(lines(file)).containsExactly("one", "two");
    }

    private static List<String> lines(Path file) throws Exception {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
