package io.mailkeep.segments;

import static io.mailkeep.segments.Bench.MAINTAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.testing.sim.Faults.Op;
import io.mailkeep.testing.sim.FaultyDisk;
import io.mailkeep.testing.sim.Seeds;
import io.mailkeep.testing.sim.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultTest {
    private SimDisk disk;
    private Bench bench;
    private SegmentStore store;
    private Bench.Body before;
    private StoredBlob beforeAt;

    @BeforeEach
    void open() {
        disk = new SimDisk(Seeds.randomness(1));
        bench = new Bench(disk, Path.of("/volumes"), Seeds.randomness(2));
        store = bench.fresh();
        before = bench.body(3_000);
        beforeAt = Bench.put(store, before);
    }

    /** What was acknowledged before the fault is there after a power cut; the volume is well. */
    @AfterEach
    void whatWasAcknowledgedIsThere() {
        disk.faults((op, path) -> {});
        store.close();
        disk.powerCut();
        try (SegmentStore again = bench.open()) {
            assertThat(Bench.get(again, beforeAt, before.key())).isEqualTo(before.bytes());
            assertThat(again.doctor(MAINTAIN)).isEmpty();
        }
    }

    private static boolean segment(Path path) {
        return path.toString().endsWith(".seg");
    }

    @Test
    @Claim("FLT-10")
    void afterAFailedSyncTheFileIsNeverSyncedAgainAndTheGroupGoesToANewSegment() {
        List<Path> failed = new ArrayList<>();
        List<Path> forced = new ArrayList<>();
        disk.faults((op, path) -> {
            if (op == Op.FORCE && segment(path)) {
                forced.add(path);
                if (failed.isEmpty()) {
                    failed.add(path);
                    throw new IOException("Input/output error");
                }
            }
        });
        Bench.Body body = bench.body(100_000);
        StoredBlob stored = Bench.put(store, body);
        assertThat(stored.segment()).isNotEqualTo(beforeAt.segment());
        assertThat(forced).hasSize(2);
        Bench.put(store, bench.body(10));
        store.close();
        assertThat(forced.stream().filter(failed::contains)).hasSize(1);
        assertThat(store.counters(DataClass.SENSITIVE).poisoned()).isEqualTo(1);
        disk.powerCut();
        store = bench.open();
        assertThat(Bench.get(store, stored, body.key())).isEqualTo(body.bytes());
    }

    @Test
    @Claim("FLT-11")
    void aVolumeThatAlwaysFailsRefusesItsClassAndNoOther() {
        disk.faults((op, path) -> {
            if (op == Op.FORCE && path.toString().contains("sensitive")) {
                throw new IOException("Input/output error");
            }
        });
        for (int i = 0; i < 3; i++) {
            assertThat(problem(bench.body(1_000))).isEqualTo("451 4.3.0");
            Bench.Body other = bench.body(DataClass.PUBLIC, 1_000);
            assertThat(Bench.get(store, Bench.put(store, other), other.key()))
                    .isEqualTo(other.bytes());
        }
        disk.faults((op, path) -> {});
        assertThat(Bench.put(store, bench.body(1_000)).size()).isEqualTo(1_000);
        assertThat(disk.files().stream().filter(FaultTest::segment)).hasSize(3);
    }

    private String problem(Bench.Body body) {
        Unavailable refused = catchThrowableOfType(Unavailable.class, () -> Bench.put(store, body));
        return refused.problem().reply() + " " + refused.problem().enhanced();
    }

    @Test
    @Claim("FLT-12")
    void aTornWriteIsNotAcknowledgedAndTheGroupIsWrittenAgain() {
        AtomicInteger writes = new AtomicInteger();
        disk.faults((op, path) -> {
            if (op == Op.WRITE && segment(path) && writes.incrementAndGet() == 2) {
                throw new IOException("Input/output error");
            }
        });
        List<Bench.Body> bodies = Stream.generate(() -> bench.body(150_000)).limit(5).toList();
        List<StoredBlob> stored = store.append(bodies.stream().map(Bench.Body::writing).toList());
        for (int i = 0; i < 5; i++) {
            assertThat(Bench.get(store, stored.get(i), bodies.get(i).key()))
                    .isEqualTo(bodies.get(i).bytes());
        }
        assertThat(stored.getFirst().segment()).isNotEqualTo(beforeAt.segment());
        List<StoredBlob> seen = new ArrayList<>();
        store.scan(
                MAINTAIN,
                DataClass.SENSITIVE,
                Optional.empty(),
                record -> seen.add(record.stored()));
        assertThat(seen).hasSize(6).containsAll(stored).contains(beforeAt);
    }

    @Test
    @Claim("FLT-13")
    void aFullDiskIsAnsweredWith452AndReadsGoOnAndSoDoesItAfterwards() {
        disk.capacity(200_000);
        assertThat(problem(bench.body(1_000_000))).isEqualTo("452 4.3.1");
        bench.limits = bench.limits.withRefuseAbove(Double.MAX_VALUE);
        store.close();
        store = bench.open();
        assertThat(problem(bench.body(1_000_000))).isEqualTo("452 4.3.1");
        assertThat(Bench.get(store, beforeAt, before.key())).isEqualTo(before.bytes());
        disk.capacity(10_000_000);
        Bench.Body body = bench.body(1_000_000);
        assertThat(Bench.get(store, Bench.put(store, body), body.key())).isEqualTo(body.bytes());
    }

    @Test
    @Claim("FLT-13")
    void aQuotaThatIsUsedUpIsAFullDiskToo() {
        disk.faults((op, path) -> {
            if (op == Op.WRITE && segment(path)) {
                throw new IOException("Disk quota exceeded");
            }
        });
        assertThat(problem(bench.body(1_000))).isEqualTo("452 4.3.1");
    }

    @Test
    @Claim("FLT-13")
    void aboveTheWatermarkNothingIsTakenButAllIsRead() {
        store.close();
        bench.limits = bench.limits.withRefuseAbove(0.92);
        store = bench.open();
        disk.capacity(100_000);
        assertThat(store.refusing(DataClass.SENSITIVE)).isEmpty();
        assertThat(problem(bench.body(95_000))).isEqualTo("452 4.3.1");
        Bench.Body body = bench.body(84_000);
        StoredBlob stored = Bench.put(store, body);
        assertThat(store.used(DataClass.SENSITIVE)).isBetween(0.8, 0.92);
        assertThat(problem(bench.body(8_000))).isEqualTo("452 4.3.1");
        assertThat(Bench.get(store, stored, body.key())).isEqualTo(body.bytes());
        assertThat(store.counters(DataClass.SENSITIVE).poisoned()).isZero();
    }

    @Test
    @Claim("FLT-18")
    void aHangingVolumeIsGivenUpInTimeHoldsNoOtherAndComesBack() {
        store.close();
        bench.limits = bench.limits.withPatience(Duration.ofMillis(100));
        store = bench.open();
        CountDownLatch hang = new CountDownLatch(1);
        FaultyDisk slow =
                new FaultyDisk(
                        disk,
                        (op, path) -> {
                            if (op == Op.FORCE && path.toString().contains("sensitive")) {
                                awaited(hang);
                            }
                        });
        store.close();
        Bench slowly = new Bench(slow, Path.of("/volumes"), Seeds.randomness(3));
        slowly.limits = bench.limits;
        store = slowly.open();
        assertThat(problem(bench.body(100))).isEqualTo("451 4.3.0");
        assertThat(problem(bench.body(100))).isEqualTo("451 4.3.0");
        assertThat(Bench.put(store, bench.body(DataClass.PUBLIC, 100)).size()).isEqualTo(100);
        hang.countDown();
        Bench.Body body = bench.body(100);
        StoredBlob stored = retried(body);
        assertThat(Bench.get(store, stored, body.key())).isEqualTo(body.bytes());
    }

    private static void awaited(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException told) {
            throw new IOException("somebody interrupted the writer", told);
        }
    }

    private StoredBlob retried(Bench.Body body) {
        while (true) {
            try {
                return Bench.put(store, body);
            } catch (Unavailable stillHanging) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    @Claim("FLT-14")
    void aNameThatCannotBeMadeDurableIsNoAcknowledgement() {
        store.close();
        store = bench.open();
        AtomicInteger failures = new AtomicInteger();
        disk.faults((op, path) -> {
            if (op == Op.FORCE_FOLDER && path.endsWith("sensitive/segments")) {
                failures.incrementAndGet();
                throw new IOException("Read-only file system");
            }
        });
        assertThatThrownBy(() -> Bench.put(store, bench.body(10))).isInstanceOf(Unavailable.class);
        assertThat(failures).hasValueGreaterThanOrEqualTo(2);
    }
}
