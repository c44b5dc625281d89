package io.mailkeep.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.internal.EpochChange;
import io.mailkeep.keys.internal.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start does with the key folders it finds: the crash table, row by row. */
@Claim({"DAT-4", "DAT-5", "ACC-4"})
class KeyFoldersTest {
    @TempDir Path folder;

    private static String reason(Keys keys) {
        return switch (keys.state()) {
            case KeysState.Sealed(String reason, String advice) -> {
                assertThat(advice).isNotBlank();
                yield reason;
            }
            case KeysState.Unsealed() -> "";
        };
    }

    private static Outcome<Long> change(Keys keys) {
        return new EpochChange(keys.tree(), keys.recovery()).run(false, (_, _) -> {});
    }

    @Test
    @DisplayName("The first start makes both folders, for their owner alone")
    void firstStart() throws IOException {
        Fixture fixture = new Fixture(folder);
        assertThat(reason(fixture.open())).isEmpty();
        for (Path one : List.of(fixture.a, fixture.b)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                    .isEqualTo("rwx------");
            try (Stream<Path> files = Files.list(one)) {
                List<Path> all = files.sorted().toList();
                assertThat(all.stream().map(file -> file.getFileName().toString()))
                        .containsExactly("epoch-1.key", "identity", "mark", "registry", "root.key");
                for (Path file : all) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------");
                }
            }
        }
    }

    @Test
    @Claim("ATK-103")
    @DisplayName("Data without its keys stays sealed, and nothing is written")
    void dataWithoutKeys() {
        Fixture fixture = new Fixture(folder);
        fixture.deliver(fixture.open(), Fixture.copy());
        Folders.delete(fixture.a);
        Folders.delete(fixture.b);
        assertThat(reason(fixture.open())).contains("epoch 1").contains("hold none");
        assertThat(fixture.a).doesNotExist();
        assertThat(fixture.b).doesNotExist();
    }

    @Test
    @Claim("FLT-03")
    @DisplayName("A process that dies as an epoch's change commits has its keys at the next start")
    void diesAtTheCommit() {
        Fixture fixture = new Fixture(folder);
        Keys keys = fixture.open();
        CopyId copy = Fixture.copy();
        CopyKeys expected = fixture.deliver(keys, copy);
        fixture.store.committed =
                () -> {
                    throw new IllegalStateException("died");
                };
        assertThatThrownBy(() -> change(keys)).hasMessageContaining("died");
        fixture.store.committed = () -> {};
        Keys again = fixture.open();
        assertThat(reason(again)).isEmpty();
        assertThat(Fixture.opens(again, copy, expected)).isTrue();
    }

    @Test
    @DisplayName("Another installation's folder and swapped folders stop the start")
    void foreignAndSwapped() {
        Fixture fixture = new Fixture(folder);
        fixture.open();
        Keys foreign =
                Keys.open(
                        KeysSettings.of(fixture.a, fixture.b, new InstallationId(new UUID(7, 7))),
                        fixture.store,
                        Time.system(),
                        Fixture.RANDOM);
        assertThat(reason(foreign)).contains("another installation");
        Keys swapped =
                Keys.open(
                        KeysSettings.of(fixture.b, fixture.a, fixture.installation),
                        fixture.store,
                        Time.system(),
                        Fixture.RANDOM);
        assertThat(reason(swapped)).contains("swapped");
    }

    @Test
    @DisplayName("A damaged file is healed from the other folder; damaged in both, it is told")
    void damaged() throws IOException {
        Fixture fixture = new Fixture(folder);
        fixture.open();
        Files.write(fixture.a.resolve("epoch-1.key"), new byte[] {1, 2, 3});
        Files.write(fixture.a.resolve("root.key"), new byte[0]);
        assertThat(reason(fixture.open())).isEmpty();
        assertThat(Files.readAllBytes(fixture.a.resolve("epoch-1.key")))
                .isEqualTo(Files.readAllBytes(fixture.b.resolve("epoch-1.key")));
        for (Path one : List.of(fixture.a, fixture.b)) {
            byte[] bytes = Files.readAllBytes(one.resolve("epoch-1.key"));
            bytes[bytes.length - 40] ^= 1;
            Files.write(one.resolve("epoch-1.key"), bytes);
        }
        assertThat(reason(fixture.open())).contains("damaged files: epoch-1.key");
    }

    @Test
    @DisplayName("With one folder away it goes on, destroys nothing, and takes it back")
    void oneAway() {
        Fixture fixture = new Fixture(folder);
        fixture.open();
        Folders.move(fixture.b, folder.resolve("away"));
        Keys keys = fixture.open();
        assertThat(reason(keys)).isEmpty();
        assertThat(change(keys)).isInstanceOf(Outcome.Deferred.class);
        assertThat(fixture.b).doesNotExist();
        Folders.move(folder.resolve("away"), fixture.b);
        assertThat(change(keys)).isEqualTo(Outcome.done(2L));
    }

    @Test
    @DisplayName(
            "A lost folder is replaced; the stale one that comes back is overwritten, not read")
    void lostAndStale() {
        Fixture fixture = new Fixture(folder);
        Keys keys = fixture.open();
        keys.device().store("ca", Secret.ofUtf8("old"));
        Folders.move(fixture.b, folder.resolve("away"));
        keys.device().store("ca", Secret.ofUtf8("new"));
        assertThat(keys.recovery().replace("b")).isInstanceOf(Outcome.Done.class);
        change(keys);
        change(keys);
        Folders.delete(fixture.b);
        Folders.move(folder.resolve("away"), fixture.b);
        assertThat(change(keys)).isInstanceOf(Outcome.Deferred.class);
        Keys again = fixture.open();
        assertThat(reason(again)).isEmpty();
        assertThat(fixture.b.resolve("epoch-1.key")).doesNotExist();
        assertThat(fixture.b.resolve("epoch-3.key")).exists();
        Folders.delete(fixture.a);
        assertThat(fixture.open().device().load("ca").orElseThrow())
                .isEqualTo(Secret.ofUtf8("new"));
    }

    @Test
    @DisplayName("Keys that were in use with an empty database: another data directory, so refused")
    void databaseLost() {
        Fixture fixture = new Fixture(folder);
        fixture.open();
        fixture.store.rollBackTo(new MemoryTree.Db());
        Keys keys = fixture.open();
        assertThat(reason(keys)).contains("have been in use");
        assertThat(keys.recovery().accept(() -> {})).isInstanceOf(KeysState.Unsealed.class);
        assertThat(reason(fixture.open())).isEmpty();
    }

    @Test
    @DisplayName("A database that went back is refused until the operator accepts; then it opens")
    void rolledBack() {
        Fixture fixture = new Fixture(folder);
        Keys keys = fixture.open();
        CopyId copy = Fixture.copy();
        CopyKeys fresh = fixture.deliver(keys, copy);
        MemoryTree.Db yesterday = fixture.store.now().copy();
        change(keys);
        fixture.store.rollBackTo(yesterday);
        assertThat(change(keys)).isInstanceOf(Outcome.Deferred.class);
        Keys back = fixture.open();
        assertThat(reason(back)).contains("went back");
        back.recovery().accept(() -> {});
        assertThat(Fixture.opens(back, copy, fresh)).isTrue();
        assertThat(Fixture.opens(fixture.open(), copy, fresh)).isTrue();
    }

    @Test
    @DisplayName("A database that went back behind both kept epochs can't be accepted")
    void rolledBackBehindTheKeptEpochs() {
        Fixture fixture = new Fixture(folder);
        Keys keys = fixture.open();
        MemoryTree.Db old = fixture.store.now().copy();
        change(keys);
        change(keys);
        fixture.store.rollBackTo(old);
        Keys back = fixture.open();
        assertThat(reason(back)).contains("at key epoch 1, the key folders hold [2, 3]");
        assertThat(((KeysState.Sealed) back.state()).advice()).contains("the newest database");
        assertThat(back.recovery().accept(() -> {})).isInstanceOf(KeysState.Sealed.class);
    }

    @Test
    @DisplayName("The audit checkpoint on the device tells of a rollback within one epoch")
    void checkpointAhead() {
        Fixture fixture = new Fixture(folder);
        fixture.open().device().rememberCheckpoint(new byte[] {42});
        Keys keys =
                Keys.open(
                        new KeysSettings(
                                fixture.a,
                                fixture.b,
                                fixture.installation,
                                true,
                                remembered -> remembered[0] == 42),
                        fixture.store,
                        Time.system(),
                        Fixture.RANDOM);
        assertThat(reason(keys)).contains("went back");
    }
}
