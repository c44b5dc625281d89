package io.mailkeep.segments;

import static io.mailkeep.segments.Bench.MAINTAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.segments.Finding.Severity;
import io.mailkeep.testing.sim.Seeds;
import io.mailkeep.testing.sim.SimDisk;
import io.mailkeep.testing.sim.SimDisk.Op;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Any order of appends, sweeps, clean ends, power cuts and failing disks, replayed from a seed:
 * what was acknowledged is there and identical, what wasn't is there whole or not at all.
 */
class SimulationTest {
    @Test
    @Claim({"FLT-08", "FLT-10", "FLT-12", "FLT-17"})
    void whatWasAcknowledgedSurvivesAndNothingElseIsThereInPart() {
        Seeds.run(2_000, (seed, randomness) -> new World(randomness).live(14));
    }

    @Test
    @Claim({"FLT-15", "FLT-16"})
    void rotAndMisdirectedWritesNeverYieldWrongBytes() {
        Seeds.run(300, (seed, randomness) -> new World(randomness).rot());
    }

    private static final class World {
        private final Randomness random;
        private final SimDisk disk;
        private final Bench bench;
        private final Map<BlobId, Bench.Body> attempted = new HashMap<>();
        private final Map<BlobId, StoredBlob> acknowledged = new HashMap<>();
        private SegmentStore store;

        World(Randomness random) {
            this.random = random;
            this.disk = new SimDisk(random);
            this.bench = new Bench(disk, Path.of("/v"), random, DataClass.SENSITIVE);
            bench.limits = bench.limits.withSegmentBytes(40_000);
            this.store = bench.fresh();
        }

        void live(int steps) {
            for (int i = 0; i < steps; i++) {
                switch (random.below(9)) {
                    case 0 -> restart(false);
                    case 1 -> restart(true);
                    case 2 -> sweep();
                    case 3, 4 -> {
                        disk.faults(faults());
                        append();
                        disk.faults((op, path) -> {});
                    }
                    case 5 -> {
                        powerCutDuring();
                    }
                    default -> append();
                }
            }
            restart(true);
            check();
            store.close();
        }

        private void append() {
            List<Bench.Body> group = new ArrayList<>();
            for (int i = random.below(4); i >= 0; i--) {
                int size = random.below(8) == 0 ? random.below(90_000) : random.below(6_000);
                Bench.Body body = bench.body(size);
                attempted.put(body.blob(), body);
                group.add(body);
            }
            try {
                store.append(group.stream().map(Bench.Body::writing).toList())
                        .forEach(one -> acknowledged.put(one.blob(), one));
            } catch (Unavailable refused) {
                assertThat(refused.problem().reply()).isBetween(400, 499);
            }
        }

        private SimDisk.Faults faults() {
            int of = 1 + random.below(6);
            int[] left = {random.below(4)};
            Op only = List.of(Op.FORCE, Op.WRITE, Op.CREATE, Op.FORCE_FOLDER).get(random.below(4));
            boolean all = random.below(3) == 0;
            return (op, path) -> {
                boolean hit = all ? op != Op.OPEN && op != Op.READ : op == only;
                if (hit && left[0] > 0 && random.below(of) == 0) {
                    left[0]--;
                    throw new IOException("Input/output error");
                }
            };
        }

        private void powerCutDuring() {
            int[] left = {random.below(12)};
            disk.faults((op, path) -> {
                if (op != Op.OPEN && op != Op.READ && left[0]-- <= 0) {
                    throw new IOException("the power is gone");
                }
            });
            append();
            restartAfterCut();
        }

        private void restart(boolean cut) {
            if (cut && random.below(2) == 0) {
                disk.faults((op, path) -> {
                    throw new IOException("the power is gone");
                });
            }
            store.close();
            if (cut) {
                restartAfterCut();
            } else {
                open();
            }
        }

        private void restartAfterCut() {
            disk.faults((op, path) -> {
                throw new IOException("the power is gone");
            });
            store.close();
            disk.powerCut();
            if (random.below(3) == 0) {
                // A second cut while the first one is being recovered from.
                int[] left = {random.below(6)};
                disk.faults((op, path) -> {
                    if (op != Op.OPEN && op != Op.READ && left[0]-- <= 0) {
                        throw new IOException("the power is gone");
                    }
                });
                try {
                    SegmentStore half = bench.open();
                    half.close();
                } catch (Unavailable expected) {
                    assertThat(expected.problem().reply()).isEqualTo(451);
                }
                disk.powerCut();
            }
            open();
        }

        private void open() {
            store = bench.open();
            assertThat(store.opening()).noneMatch(one -> one.severity() == Severity.BROKEN);
        }

        private void sweep() {
            Set<Place> rows = new HashSet<>();
            acknowledged.values().forEach(at -> rows.add(new Place(at.segment(), at.position())));
            store.sweep(MAINTAIN, DataClass.SENSITIVE, Bench.rows(rows));
        }

        private void check() {
            acknowledged.forEach((id, at) -> {
                Bench.Body body = attempted.get(id);
                assertThat(Bench.get(store, at, body.key())).isEqualTo(body.bytes());
                assertThat(store.check(MAINTAIN, at)).isEmpty();
            });
            store.scan(
                    MAINTAIN,
                    DataClass.SENSITIVE,
                    Optional.empty(),
                    record -> {
                        if (record.intact()) {
                            Bench.Body body = attempted.get(record.stored().blob());
                            assertThat(Bench.get(store, record.stored(), body.key()))
                                    .isEqualTo(body.bytes());
                        }
                        boolean alive = acknowledged.containsValue(record.stored());
                        assertThat(alive && record.dead()).isFalse();
                    });
            assertThat(store.doctor(MAINTAIN))
                    .noneMatch(one ->
                            one.severity() == Severity.BROKEN
                                    && !one.text().contains("is damaged"));
        }

        void rot() throws IOException {
            for (int i = 0; i < 4; i++) {
                append();
            }
            List<Path> segments =
                    disk.files().stream().filter(one -> one.toString().endsWith(".seg")).toList();
            Path target = segments.get(random.below(segments.size()));
            Path source = segments.get(random.below(segments.size()));
            byte[] bytes = disk.bytes(target);
            boolean flip = random.below(2) == 0;
            if (flip) {
                int at = random.below(bytes.length);
                disk.overwrite(
                        target, at, new byte[] {(byte) (bytes[at] ^ (1 << random.below(8)))});
            } else {
                byte[] other = disk.bytes(source);
                int from = random.below(Math.max(1, other.length / 512)) * 512;
                int to = random.below(Math.max(1, bytes.length / 512)) * 512;
                int count = Math.min(512, Math.min(other.length - from, bytes.length - to));
                byte[] block = java.util.Arrays.copyOfRange(other, from, from + count);
                disk.overwrite(target, to, block);
            }
            boolean changed = !java.util.Arrays.equals(bytes, disk.bytes(target));
            acknowledged.forEach((id, at) -> {
                Bench.Body body = attempted.get(id);
                try {
                    assertThat(Bench.get(store, at, body.key())).isEqualTo(body.bytes());
                } catch (TamperedException found) {
                    assertThat(store.check(MAINTAIN, at)).isPresent();
                }
            });
            assertThat(store.doctor(MAINTAIN).isEmpty()).isEqualTo(!changed);
            store.close();
        }
    }
}
