package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.internal.Frontier;
import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.testing.sim.Faults;
import io.mailkeep.testing.sim.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is told stays told, and what is changed is named ({@code DAT-6}); keys as RFC 8410 4 writes
 * them.
 */
@Claim("DAT-6")
class LogTest {
    @TempDir Path folder;
    private Logs logs;

    @BeforeEach
    void prepare() {
        logs = new Logs(folder);
    }

    @Test
    void publishedOnBothDevicesInOneOrderOnce() throws IOException {
        logs.publish(600);
        logs.publish(5);
        LogVerifier.Verdict verdict = logs.verify();
        assertThat(verdict.sentences()).isEmpty();
        assertThat(verdict.size()).isEqualTo(605);
        for (Path copy : List.of(logs.a, logs.b)) {
            assertThat(Files.size(copy.resolve("tile/0/000"))).isEqualTo(8192);
            assertThat(Files.size(copy.resolve("tile/0/002.p/93"))).isEqualTo(93 * 32);
            assertThat(Files.size(copy.resolve("tile/1/000.p/2"))).isEqualTo(64);
            assertThat(copy.resolve("tile/entries/001")).exists();
            assertThat(copy.resolve("tile/entries/000.p")).doesNotExist();
            assertThat(Files.readString(copy.resolve("log.vkey")).strip())
                    .isEqualTo(logs.key.verifierKey());
        }
        assertThat(Files.readString(logs.a.resolve("checkpoint")))
                .isEqualTo(Files.readString(logs.b.resolve("checkpoint")))
                .startsWith(logs.key.origin() + "\n605\n");
    }

    @Test
    void recordPublishedReturnsWhenItIs() {
        try (AuditLog log = logs.open()) {
            logs.trail.recordPublished(Logs.event("rotate"));
            assertThat(log.size()).isEqualTo(1);
            assertThat(logs.kept.read().orElseThrow()).contains("\n1\n");
            assertThat(logs.verify().sound()).isTrue();
        }
        assertThatThrownBy(() -> logs.trail.recordPublished(Logs.event("closed")))
                .isInstanceOf(io.mailkeep.kernel.Unavailable.class);
    }

    @Test
    void aReplayAfterACrashIsDropped() {
        logs.rows.forgets = false;
        try (AuditLog log = logs.open()) {
            for (int entry = 0; entry < 10; entry++) {
                logs.trail.record(Logs.event("once"));
            }
            logs.until(() -> log.size() > 0);
        }
        logs.rows.forgets = true;
        assertThat(logs.rows.empty()).isFalse();
        try (AuditLog log = logs.open()) {
            logs.until(logs.rows::empty);
            assertThat(log.size()).isEqualTo(10);
        }
        assertThat(logs.verify().sound()).isTrue();
    }

    @Test
    @Claim("ATK-111")
    void anEditIsNamedWhereverItIs() throws IOException {
        logs.publish(300);
        for (int victim : new int[] {0, 17, 255, 256, 299}) {
            Path bundle =
                    logs.b.resolve(victim < 256 ? "tile/entries/000" : "tile/entries/001.p/44");
            byte[] good = Files.readAllBytes(bundle);
            byte[] bad = good.clone();
            int at = offset(bad, victim % 256);
            bad[at + 60] ^= 1;
            Files.write(bundle, bad);
            named(victim);
            assertThatThrownBy(logs::open)
                    .isInstanceOf(AuditRefused.class)
                    .hasMessageContaining("entry " + victim);
            Files.write(bundle, good);
        }
        assertThat(logs.verify().sound()).isTrue();
    }

    @Test
    @Claim("ATK-111")
    void aCutASwapAndAnInsertAreNamed() throws IOException {
        logs.publish(300);
        Path bundle = logs.a.resolve("tile/entries/000");
        byte[] good = Files.readAllBytes(bundle);
        Files.write(bundle, Arrays.copyOf(good, offset(good, 200)));
        named(200);
        int one = offset(good, 40);
        int two = offset(good, 41);
        int three = offset(good, 42);
        byte[] swapped = good.clone();
        System.arraycopy(good, two, swapped, one, three - two);
        System.arraycopy(good, one, swapped, one + three - two, two - one);
        Files.write(bundle, swapped);
        named(40);
        byte[] inserted = new byte[good.length + two - one];
        System.arraycopy(good, 0, inserted, 0, two);
        System.arraycopy(good, one, inserted, two, good.length - one);
        Files.write(bundle, inserted);
        named(41);
        Files.write(bundle, good);
        Path partial = logs.a.resolve("tile/entries/001.p/44");
        Files.write(partial, new byte[] {0, 1, 'x'}, StandardOpenOption.APPEND);
        named(300);
        Files.delete(partial);
        named(256);
    }

    @Test
    @Claim("ATK-111")
    void anEditWithAllTilesMadeAnewIsNamedByTheOtherCopyAndByTheCheckpoint() throws IOException {
        logs.publish(300);
        forge(logs.a, 77);
        named(77);
        forge(logs.b, 77);
        LogVerifier.Verdict both = logs.verify();
        assertThat(both.sound()).isFalse();
        assertThat(both.sentences()).anyMatch(it -> it.contains("signed checkpoint"));
    }

    /** Rewrites entry and tiles as one without the key would. */
    private static void forge(Path copy, int victim) throws IOException {
        LogFolder log = new LogFolder(copy);
        String checkpoint = log.checkpoint().orElseThrow();
        List<byte[]> entries = new java.util.ArrayList<>(log.bundle(0, 300).require());
        entries.addAll(log.bundle(1, 300).require());
        entries.set(
                victim, "{\"id\":\"granted\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        log.write(Frontier.empty().append(entries), checkpoint);
    }

    @Test
    @Claim("DAT-6")
    void aLogThatGoesOnWhileItIsCheckedIsSound() {
        logs.publish(300);
        AtomicBoolean grown = new AtomicBoolean();
        Faults growing =
                (op, path) -> {
                    boolean checkpoint = path.getFileName().toString().equals("checkpoint");
                    if (op == Faults.Op.OPEN && !checkpoint && !grown.getAndSet(true)) {
                        logs.publish(600);
                    }
                };
        List<LogFolder> copies =
                List.of(
                        new LogFolder(new FaultyDisk(Disk.system(), growing), logs.a),
                        new LogFolder(logs.b));
        LogVerifier.Verdict verdict =
                LogVerifier.verifyFolders(
                        copies, logs.key.verifierKey(), logs.kept.read(), logs.time);
        assertThat(grown).isTrue();
        assertThat(verdict.sentences()).isEmpty();
        assertThat(verdict.size()).isEqualTo(300);
        assertThat(logs.verify().size()).isEqualTo(900);
    }

    @Test
    @Claim("ATK-112")
    void aCopyRolledBackAndBothRolledBackAreNamed() throws IOException {
        logs.publish(20);
        Path old = folder.resolve("old");
        Logs.copy(logs.a, old);
        logs.publish(10);
        Path now = folder.resolve("now");
        Logs.copy(logs.a, now);
        Logs.copy(old, logs.a);
        named(20);
        Logs.copy(now, logs.a);
        assertThat(logs.verify().sound()).isTrue();
        Path oldB = folder.resolve("old-b");
        Logs.copy(old, oldB);
        Files.writeString(
                oldB.resolve("identity"),
                Files.readString(old.resolve("identity")).replace("role a", "role b"));
        Logs.copy(old, logs.a);
        Logs.copy(oldB, logs.b);
        named(20);
        assertThatThrownBy(logs::open)
                .isInstanceOf(AuditRefused.class)
                .hasMessageContaining("rolled back");
    }

    @Test
    @Claim("ATK-113")
    void twoSignedLogsAreAForkThatOpensNothing() throws IOException {
        logs.publish(10);
        Path a = folder.resolve("first");
        Logs.copy(logs.a, a);
        Logs.copy(logs.b, folder.resolve("first-b"));
        var kept = logs.kept.checkpoint;
        logs.publish(5);
        Path one = folder.resolve("one");
        Logs.copy(logs.a, one);
        Logs.copy(a, logs.a);
        Logs.copy(folder.resolve("first-b"), logs.b);
        logs.kept.checkpoint = kept;
        logs.publish(7);
        Logs.copy(one, logs.a);
        named(10);
        assertThatThrownBy(logs::open)
                .isInstanceOf(AuditRefused.class)
                .hasMessageContaining("fork");
    }

    @Test
    void missingForeignAndSwappedFoldersAreRefusedUntouched() throws IOException {
        logs.publish(3);
        Files.move(logs.b, folder.resolve("away"));
        refusedUntouched("no identity");
        assertThat(logs.b).doesNotExist();
        Files.createDirectory(logs.b);
        refusedUntouched("no identity");
        assertThat(logs.b).isEmptyDirectory();
        Files.delete(logs.b);
        Files.move(logs.a, logs.b);
        Files.move(folder.resolve("away"), logs.a);
        refusedUntouched("swapped");
        for (Path copy : List.of(logs.a, logs.b)) {
            String other = Files.readString(copy.resolve("identity"));
            Files.writeString(
                    copy.resolve("identity"),
                    other.replace(
                            logs.installation.toString(),
                            new InstallationId(new UUID(9, 9)).toString()));
        }
        refusedUntouched("another installation");
        Logs.delete(logs.a);
        Logs.delete(logs.b);
        refusedUntouched("no identity");
    }

    private void refusedUntouched(String why) {
        assertThatThrownBy(logs::open).isInstanceOf(AuditRefused.class).hasMessageContaining(why);
    }

    @Test
    void aSecondProcessIsRefused() {
        try (AuditLog log = logs.open()) {
            assertThatThrownBy(logs::open)
                    .isInstanceOf(AuditRefused.class)
                    .hasMessageContaining("Another process");
            assertThat(log.size()).isZero();
        }
        logs.publish(1);
    }

    @Test
    void theCheckpointIsANoteThatThePublishedExampleFormatVerifies() {
        // The example of c2sp.org/signed-note.
        Note.Verifier example =
                Note.Verifier.parse(
                        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        String note =
                "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnag"
                        + "v1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        assertThat(Note.open(note, example)).contains("This is an example message.\n");
        assertThat(Note.open(note.replace("example message", "example massage"), example))
                .isEmpty();
        logs.publish(2);
        Note.Verifier ours = Note.Verifier.parse(logs.key.verifierKey());
        assertThat(Note.checkpoint(logs.kept.read().orElseThrow(), ours).orElseThrow().size())
                .isEqualTo(2);
        assertThat(Note.open(logs.kept.read().orElseThrow(), example)).isEmpty();
        CheckpointKey again =
                CheckpointKey.load(
                        logs.installation, logs.key.insecureSecretBytes(), logs.key.publicBytes());
        assertThat(again.verifierKey()).isEqualTo(logs.key.verifierKey());
        assertThatThrownBy(() ->
                        CheckpointKey.load(
                                logs.installation,
                                CheckpointKey.generate(logs.installation).insecureSecretBytes(),
                                logs.key.publicBytes()))
                .isInstanceOf(AuditRefused.class);
    }

    private void named(long entry) {
        LogVerifier.Verdict verdict = logs.verify();
        assertThat(verdict.sound()).isFalse();
        assertThat(verdict.firstBad()).as("%s", verdict.sentences()).contains(entry);
        assertThat(verdict.sentences()).anyMatch(it -> it.contains("ntry " + entry));
    }

    private static int offset(byte[] bundle, int entry) {
        int at = 0;
        for (int skip = 0; skip < entry; skip++) {
            at += 2 + (((bundle[at] & 0xff) << 8) | (bundle[at + 1] & 0xff));
        }
        return at;
    }
}
