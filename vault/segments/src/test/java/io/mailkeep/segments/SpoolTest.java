package io.mailkeep.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.testing.sim.Faults.Op;
import io.mailkeep.testing.sim.Seeds;
import io.mailkeep.testing.sim.SimDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final SpoolLimits LIMITS = new SpoolLimits(256 << 10, 4 << 20, 40 << 20);

    @TempDir Path folder;
    private final Randomness randomness = Seeds.randomness(5);

    private static byte[] read(Clear clear) throws IOException {
        try (InputStream in = clear.open()) {
            return in.readAllBytes();
        }
    }

    @Test
    void bodiesOfEverySizeAreReadAsOftenAsWanted() throws Exception {
        try (Spool spool = new Spool(folder.resolve("spool"), randomness, LIMITS)) {
            int k = 1 << 10;
            for (int size :
                    new int[] {0, 1, 1023, 16 * k, 256 * k, 256 * k + 1, 272 * k, 3_000_001}) {
                for (int step : new int[] {1, 77, 8_192, 1 << 20}) {
                    if (size > 300 * k && step == 1) {
                        continue;
                    }
                    byte[] bytes = randomness.bytes(size);
                    SpoolWriter writer = spool.writer();
                    for (int at = 0; at < size; at += step) {
                        writer.write(bytes, at, Math.min(step, size - at));
                    }
                    assertThat(writer.size()).isEqualTo(size);
                    try (Clear clear = writer.finish()) {
                        writer.close();
                        assertThat(clear.size()).isEqualTo(size);
                        assertThat(read(clear)).isEqualTo(bytes);
                        assertThat(read(clear)).isEqualTo(bytes);
                        assertThat(spool.filesInUse()).isEqualTo(size > 256 * k ? size : 0);
                    }
                    assertThat(spool.memoryInUse()).isZero();
                    assertThat(spool.filesInUse()).isZero();
                }
            }
        }
    }

    @Test
    @Claim({"DAT-4", "ATK-99"})
    void aSpoolFileHasNoNameAndNoClearByte() throws Exception {
        Path place = folder.resolve("spool");
        try (Spool spool = new Spool(place, randomness, LIMITS);
                SpoolWriter writer = spool.writer()) {
            byte[] bytes = new byte[2_000_000];
            Arrays.fill(bytes, (byte) 'y');
            writer.write(bytes);
            try (Stream<Path> files = Files.list(place)) {
                assertThat(files).isEmpty();
            }
            assertThat(openDeletedFiles()).isNotEmpty().noneMatch(SpoolTest::holdsTheCanary);
            try (Clear clear = writer.finish()) {
                assertThat(openDeletedFiles()).isNotEmpty().noneMatch(SpoolTest::holdsTheCanary);
                assertThat(read(clear)).isEqualTo(bytes);
            }
            assertThat(openDeletedFiles()).isEmpty();
        }
    }

    private static List<Path> openDeletedFiles() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path one : open.toList()) {
                try {
                    if (Files.readSymbolicLink(one).toString().endsWith(".spool (deleted)")) {
                        found.add(one);
                    }
                } catch (IOException closedMeanwhile) {
                    assertThat(one).doesNotExist();
                }
            }
        }
        return found;
    }

    private static boolean holdsTheCanary(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            assertThat(bytes.length).isGreaterThan(1_000_000);
            return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains("yyyyyyyy");
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void leftoversOfACrashAreRemovedAtTheNextStart() throws Exception {
        Path left = Files.createDirectories(folder.resolve("spool")).resolve("x.spool");
        Files.writeString(left, "sealed");
        new Spool(folder.resolve("spool"), randomness, LIMITS).close();
        assertThat(left).doesNotExist();
    }

    @Test
    @Claim("NET-2")
    void beyondTheLimitOfFilesABodyIsDeferredAndRoomComesBack() throws Exception {
        try (Spool spool = new Spool(folder.resolve("spool"), randomness, LIMITS)) {
            SpoolWriter first = spool.writer();
            first.write(new byte[30 << 20]);
            Clear kept = first.finish();
            SpoolWriter second = spool.writer();
            Unavailable refused =
                    catchThrowableOfType(Unavailable.class, () -> second.write(new byte[30 << 20]));
            assertThat(refused.problem().reply()).isEqualTo(452);
            assertThat(refused.problem().enhanced()).isEqualTo("4.3.1");
            second.close();
            assertThat(spool.filesInUse()).isEqualTo(30 << 20);
            kept.close();
            kept.close();
            assertThat(spool.filesInUse()).isZero();
            assertThat(spool.memoryInUse()).isZero();
            assertThatThrownBy(kept::open).isInstanceOf(IOException.class);
        }
    }

    @Test
    @Claim("NET-2")
    void whenMemoryIsShortBodiesGoToFilesEarlyAndAllArrive() throws Exception {
        try (Spool spool = new Spool(folder.resolve("spool"), randomness, LIMITS)) {
            List<Clear> all = new ArrayList<>();
            byte[] bytes = randomness.bytes(200_000);
            for (int i = 0; i < 60; i++) {
                SpoolWriter writer = spool.writer();
                writer.write(bytes);
                all.add(writer.finish());
                assertThat(spool.memoryInUse()).isLessThan((4 << 20) + 60 * (16 << 10));
            }
            assertThat(spool.filesInUse()).isGreaterThan(30 * 200_000L);
            for (Clear one : all) {
                assertThat(read(one)).isEqualTo(bytes);
                one.close();
            }
            assertThat(spool.memoryInUse()).isZero();
        }
    }

    @Test
    @Claim("FLT-13")
    void aFullDiskDefersTheBody() throws Exception {
        SimDisk disk = new SimDisk(randomness);
        Spool spool = new Spool(disk, Path.of("/spool"), randomness, LIMITS);
        disk.capacity(0);
        SpoolWriter writer = spool.writer();
        disk.faults((op, path) -> {
            if (op == Op.WRITE) {
                throw new IOException("No space left on device");
            }
        });
        Unavailable refused =
                catchThrowableOfType(Unavailable.class, () -> writer.write(new byte[1 << 20]));
        assertThat(refused.problem().reply()).isEqualTo(452);
        writer.close();
        assertThat(spool.filesInUse()).isZero();
        assertThat(spool.memoryInUse()).isZero();
    }

    @Test
    @Claim("FLT-15")
    void damageInASpoolFileIsNeverServed() throws Exception {
        try (Spool spool = new Spool(folder.resolve("spool"), randomness, LIMITS);
                SpoolWriter writer = spool.writer()) {
            writer.write(new byte[1 << 20]);
            try (Clear clear = writer.finish()) {
                Path file = openDeletedFiles().getFirst();
                try (var channel =
                        java.nio.channels.FileChannel.open(
                                file, java.nio.file.StandardOpenOption.WRITE)) {
                    channel.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}), 500_000);
                }
                assertThatThrownBy(() -> read(clear))
                        .isInstanceOf(io.mailkeep.keys.TamperedException.class);
            }
        }
    }
}
