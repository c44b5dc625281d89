package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that ended, or was ended after its time.
 *
 * @param status -1 if it had to be ended
 * @param out both of its outputs
 */
record Ran(int status, String out) {
    private static final long PATIENCE_SECONDS = 180;

    /** Runs it with this on its standard input. */
    static Ran command(List<String> command, String input) throws IOException {
        Path out = Files.createTempFile("ran", ".out");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(out.toFile())
                            .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException unread) {
                // it ended without reading
            }
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String said = Files.readString(out);
            return ended
                    ? new Ran(process.exitValue(), said)
                    : new Ran(-1, said + "\nstill ran after " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while " + command.getFirst() + " ran", stopped);
        } finally {
            Files.delete(out);
        }
    }

    /** Runs it; a status other than 0 is an error. */
    static String ok(String... command) throws IOException {
        Ran ran = command(List.of(command), "");
        if (ran.status() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + ran.out());
        }
        return ran.out();
    }

    /** Waits at least this long. */
    static void pause(Duration time) throws IOException {
        try {
            Time.system().sleep(time);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while waiting", stopped);
        }
    }
}
