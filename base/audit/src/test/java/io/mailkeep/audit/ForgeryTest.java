package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.internal.Checkpoint;
import io.mailkeep.audit.internal.Merkle;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was forged is believed by nobody: neither verifier, reader nor a log that goes on. */
@Claim({"DAT-6", "ATK-111", "ATK-112", "ATK-113"})
class ForgeryTest {
    @TempDir Path folder;
    private Logs logs;

    @BeforeEach
    void prepare() {
        logs = new Logs(folder);
        logs.publish(300);
    }

    /** Changes one byte of an entry of the first bundle. */
    private static void edit(Path copy, int victim) throws IOException {
        Path bundle = copy.resolve("tile/entries/000");
        byte[] bytes = Files.readAllBytes(bundle);
        int at = 0;
        for (int entry = 0; entry < victim; entry++) {
            at += 2 + Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(at));
        }
        bytes[at + 2 + 170] ^= 1;
        Files.write(bundle, bytes);
    }

    @Test
    void anEditIsNamedFromOneCopyAlone() throws IOException {
        edit(logs.b, 17);
        LogVerifier.Verdict verdict =
                LogVerifier.verify(
                        List.of(logs.b), logs.key.verifierKey(), Optional.empty(), logs.time);
        assertThat(verdict.firstBad()).contains(17L);
        assertThat(verdict.sentences()).singleElement().asString().contains("entry 17 isn't");
    }

    @Test
    void aReaderShowsNothingThatWasNotPublished() throws IOException {
        edit(logs.b, 17);
        LogReader reader = new LogReader(logs.b, logs.key.verifierKey(), logs.sealing);
        assertThat(reader.show(16)).isPresent();
        assertThatThrownBy(() -> reader.show(17))
                .isInstanceOf(AuditRefused.class)
                .hasMessageContaining("Entry 17 isn't what was published");
        assertThatThrownBy(() -> reader.stream(0, one -> true, one -> {}))
                .isInstanceOf(AuditRefused.class);
    }

    /** Goes on from the same 300 entries in another way; answers the checkpoint of that way. */
    private String otherWay(Path a, Path b, int entries) throws IOException {
        Logs.copy(logs.a, folder.resolve("kept-a"));
        Logs.copy(logs.b, folder.resolve("kept-b"));
        Optional<String> kept = logs.kept.read();
        logs.publish(entries);
        String checkpoint = logs.kept.read().orElseThrow();
        Logs.copy(logs.a, a);
        Logs.copy(logs.b, b);
        Logs.copy(folder.resolve("kept-a"), logs.a);
        Logs.copy(folder.resolve("kept-b"), logs.b);
        logs.kept.checkpoint = kept;
        return checkpoint;
    }

    @Test
    void aForkOfBothCopiesFromWhatIsRememberedIsNamed() throws IOException {
        String remembered = otherWay(folder.resolve("x"), folder.resolve("y"), 10);
        logs.publish(25);
        assertThat(logs.verify().sound()).isTrue();
        logs.kept.checkpoint = Optional.of(remembered);
        assertThat(String.join(" ", logs.verify().sentences()))
                .contains("The first 310 entries aren't those that the key device remembers");
    }

    @Test
    void aForkedDeviceIsNotTakenBack() throws IOException {
        otherWay(folder.resolve("fork-a"), folder.resolve("fork-b"), 40);
        try (AuditLog log = logs.open()) {
            Files.move(logs.b, folder.resolve("b away"));
            logs.until(() -> log.devices().get(1).aside().isPresent());
            Files.move(folder.resolve("fork-b"), logs.b);
            logs.until(() -> log.devices().get(1).aside().orElse("").contains("fork"));
            long size = log.size();
            logs.trail.recordPublished(Logs.event("goes on alone"));
            assertThat(log.size()).isGreaterThan(size);
            assertThat(log.devices().get(1).aside().orElseThrow())
                    .contains("holds 340 entries that aren't this log's (fork)");
        }
    }

    @Test
    void whatWasEditedOnTheLastCopyIsNotCopiedOn() throws IOException {
        try (AuditLog log = logs.open()) {
            Files.move(logs.b, folder.resolve("b away"));
            Files.createDirectory(logs.b);
            logs.until(() -> log.devices().get(1).aside().isPresent());
            edit(logs.a, 17);
            assertThat(log.replace("b")).isInstanceOf(Outcome.Done.class);
            logs.until(() ->
                    log.devices().getFirst().aside().orElse("").contains("entry 17 was changed"));
            assertThat(log.devices().get(1).aside()).isPresent();
            assertThat(logs.b.resolve("tile/entries/000")).doesNotExist();
        }
    }

    @Test
    void aFolderThatAnotherProcessWritesToIsRefused() throws Exception {
        Process holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LockHolder.class.getName(),
                                logs.a.resolve("lock").toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('h');
            assertThatThrownBy(logs::open)
                    .isInstanceOf(AuditRefused.class)
                    .hasMessageContaining("Another process writes to the audit folder " + logs.a);
        } finally {
            holder.destroy();
            holder.waitFor();
        }
        logs.open().close();
    }

    @Test
    void aCheckpointThatNamesAnotherLogIsNone() throws Exception {
        String text = new Checkpoint("example.org/another", 0, Merkle.empty()).text();
        Files.writeString(logs.a.resolve("checkpoint"), signed(text));
        LogReader reader = new LogReader(logs.a, logs.key.verifierKey(), logs.sealing);
        assertThatThrownBy(reader::size)
                .isInstanceOf(AuditRefused.class)
                .hasMessageContaining("no checkpoint signed by this log's key");
        String ours = new Checkpoint(logs.key.origin(), 0, Merkle.empty()).text();
        Files.writeString(logs.a.resolve("checkpoint"), signed(ours));
        assertThat(reader.size()).isZero();
    }

    /** Any text, signed by the log's own key under its own name. */
    private String signed(String text) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(
                KeyFactory.getInstance("Ed25519")
                        .generatePrivate(new PKCS8EncodedKeySpec(logs.key.insecureSecretBytes())));
        signer.update(text.getBytes(StandardCharsets.UTF_8));
        byte[] open = logs.key.publicBytes();
        return Note.signed(
                text,
                logs.key.origin(),
                Arrays.copyOfRange(open, open.length - 32, open.length),
                signer.sign());
    }
}
