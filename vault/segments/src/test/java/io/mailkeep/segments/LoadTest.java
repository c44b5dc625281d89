package io.mailkeep.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.DataKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs a process or a device of its own. */
class LoadTest {
    private static final long SIZE = 50L << 20;

    @TempDir Path folder;

    @Test
    @Claim({"NET-2", "FLT-06"})
    void sixtyFourBodiesOf50MegabytesPassThroughASmallHeap() throws Exception {
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx48m",
                                "-XX:+UseSerialGC",
                                "-XX:MaxDirectMemorySize=16m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Child.class.getName(),
                                folder.resolve("volumes").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(output)).contains("64 stored, 2 of them read back");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Run in a process of its own with a heap that holds not even one body. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            Bench bench = Bench.onDisk(Path.of(arguments[0]));
            Randomness randomness = Randomness.system();
            try (SegmentStore store = bench.fresh()) {
                DataKey key = DataKey.fresh(randomness);
                Writing last = null;
                List<StoredBlob> stored = new ArrayList<>();
                for (int group = 0; group < 8; group++) {
                    List<Writing> writings = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        last =
                                new Writing(
                                        Bench.DELIVER,
                                        new BlobId(randomness.uuid()),
                                        DataClass.SENSITIVE,
                                        new Pattern(SIZE),
                                        key,
                                        List.of());
                        writings.add(last);
                    }
                    stored.addAll(store.append(writings));
                    try (InputStream in = store.read(Bench.READ, stored.getLast(), key).all()) {
                        if (group % 4 == 3 && !same(in)) {
                            throw new AssertionError("other bytes came back");
                        }
                    }
                    // Room for the next ones: this test is about memory, not about disks.
                    if (group < 7) {
                        Files.write(bench.file(stored.getLast()), new byte[0]);
                    }
                }
                System.out.println(stored.size() + " stored, 2 of them read back");
            }
        }

        private static boolean same(InputStream in) throws IOException {
            try (InputStream pattern = new Pattern(SIZE).open()) {
                byte[] one = new byte[64 << 10];
                byte[] other = new byte[64 << 10];
                while (true) {
                    int count = in.readNBytes(one, 0, one.length);
                    if (count != pattern.readNBytes(other, 0, other.length)
                            || !java.util.Arrays.equals(one, other)) {
                        return false;
                    }
                    if (count == 0) {
                        return true;
                    }
                }
            }
        }
    }

    /** A body that is computed, not held. */
    private record Pattern(long size) implements Clear {
        @Override
        public InputStream open() {
            return new InputStream() {
                private long at;

                @Override
                public int read() {
                    return at < size ? (int) ((at++ * 31) >> 7) & 0xFF : -1;
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    int count = (int) Math.min(length, size - at);
                    for (int i = 0; i < count; i++) {
                        into[offset + i] = (byte) ((at++ * 31) >> 7);
                    }
                    return count == 0 && length > 0 ? -1 : count;
                }
            };
        }

        @Override
        public void close() {}
    }

    @Test
    @Claim("FLT-13")
    void aFullRealDeviceIsAnsweredWith452AndRecovers() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting a tmpfs needs root");
        Path device = Files.createDirectory(folder.resolve("device"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", device.toString()),
                "mounting a tmpfs isn't allowed here");
        try {
            Bench bench = Bench.onDisk(device);
            bench.limits = bench.limits.withRefuseAbove(Double.MAX_VALUE);
            try (SegmentStore store = bench.fresh()) {
                Bench.Body body = bench.body(1_000_000);
                StoredBlob stored = Bench.put(store, body);
                Bench.Body tooMuch = bench.body(4_000_000);
                Unavailable refused =
                        catchThrowableOfType(Unavailable.class, () -> Bench.put(store, tooMuch));
                assertThat(refused.problem().reply()).isEqualTo(452);
                assertThat(refused.problem().enhanced()).isEqualTo("4.3.1");
                assertThat(Bench.get(store, stored, body.key())).isEqualTo(body.bytes());
                Bench.Body small = bench.body(1_000_000);
                assertThat(Bench.get(store, Bench.put(store, small), small.key()))
                        .isEqualTo(small.bytes());
                assertThat(run("mount", "-o", "remount,size=12m", device.toString())).isTrue();
                assertThat(Bench.get(store, Bench.put(store, tooMuch), tooMuch.key()))
                        .isEqualTo(tooMuch.bytes());
                assertThat(store.doctor(Bench.MAINTAIN)).isEmpty();
            }
        } finally {
            assertThat(run("umount", device.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor() == 0;
    }
}
