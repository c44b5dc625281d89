package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.testing.sim.Faults;
import io.mailkeep.testing.sim.FaultyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices fail, hang, are unplugged and come back ({@code ATK-116}); the process dies anywhere. */
@Claim({"DAT-6", "ATK-116"})
class DeviceTest {
    private static final AuditLimits UNPROBED =
            new AuditLimits(
                    100,
                    Duration.ofSeconds(60),
                    Duration.ofMillis(5),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofHours(1),
                    512,
                    65_536);

    @TempDir Path folder;
    private Logs logs;
    private final Fault onA = new Fault();
    private final Fault onB = new Fault();

    /** What a device does at its next durable step. */
    private static final class Fault implements Faults {
        private volatile boolean fails;
        private volatile CountDownLatch hangs = new CountDownLatch(0);
        private final AtomicInteger stepsLeft = new AtomicInteger(Integer.MAX_VALUE);

        @Override
        public void before(Op op, Path path) throws IOException {
            if (!op.changes()) {
                return;
            }
            try {
                hangs.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            boolean durable = op == Op.RENAME || op == Op.FORCE_FOLDER;
            if (fails
                    || (durable && stepsLeft.getAndUpdate(left -> left > 0 ? left - 1 : 0) <= 0)) {
                throw new IOException("device error at " + op + " " + path);
            }
        }
    }

    @BeforeEach
    void prepare() {
        logs = new Logs(folder);
    }

    private AuditLog open() {
        return AuditLog.open(
                new LogFolder(new FaultyDisk(Disk.system(), onA), logs.a),
                new LogFolder(new FaultyDisk(Disk.system(), onB), logs.b),
                logs.installation,
                logs.key,
                logs.kept,
                logs.rows,
                logs.trail,
                logs.time,
                Logs.QUICK);
    }

    private String told() {
        StringBuilder all = new StringBuilder();
        LogFolder copy = new LogFolder(logs.a);
        try {
            long size = Long.parseLong(copy.checkpoint().orElseThrow().split("\n", -1)[1]);
            for (long bundle = 0; bundle * 256 < size; bundle++) {
                for (byte[] entry : copy.bundle(bundle, size).require()) {
                    all.append(new String(entry, java.nio.charset.StandardCharsets.UTF_8));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return all.toString();
    }

    @Test
    void aFailedDeviceIsSetAsideAndCatchesUpWhenItIsBack() {
        try (AuditLog log = open()) {
            logs.trail.recordPublished(Logs.event("before"));
            onB.fails = true;
            for (int entry = 0; entry < 300; entry++) {
                logs.trail.record(Logs.event("meanwhile " + entry));
            }
            logs.trail.recordPublished(Logs.event("staff goes on"));
            DeviceState lost = log.devices().get(1);
            assertThat(lost.aside().orElseThrow()).contains("device error");
            logs.until(logs.rows::empty);
            assertThat(log.devices().getFirst().aside()).isEmpty();
            onB.fails = false;
            logs.until(() -> log.devices().get(1).aside().isEmpty() && logs.rows.empty());
            logs.until(() -> told().contains("audit.device-back"));
        }
        assertThat(told()).contains("audit.device-lost", "device error");
        assertThat(logs.verify().sentences()).isEmpty();
    }

    @Test
    void aHangingDeviceIsSetAsideWithinTheDeadlineEvenWhenNothingIsWritten() {
        try (AuditLog log = open()) {
            onA.hangs = new CountDownLatch(1);
            long began = logs.time.nanos();
            logs.until(() -> log.devices().getFirst().aside().isPresent());
            assertThat(logs.time.nanos() - began).isLessThan(Duration.ofSeconds(3).toNanos());
            assertThat(log.devices().getFirst().aside().orElseThrow()).contains("hangs");
            logs.trail.recordPublished(Logs.event("goes on"));
            onA.hangs.countDown();
            logs.until(() -> log.devices().getFirst().aside().isEmpty());
        }
        assertThat(logs.verify().sentences()).isEmpty();
    }

    @Test
    void anUnmountedDeviceTakesNoBytesIntoTheFolderBeneath() throws IOException {
        // The first write of a life: folders that were made before would fail it by themselves.
        try (AuditLog log = logs.open(UNPROBED)) {
            Files.move(logs.b, folder.resolve("unplugged"));
            Files.createDirectory(logs.b);
            logs.trail.recordPublished(Logs.event("after"));
            logs.until(() -> log.devices().get(1).aside().isPresent());
            assertThat(logs.b).isEmptyDirectory();
            Files.delete(logs.b);
            Files.move(folder.resolve("unplugged"), logs.b);
            logs.until(() -> log.devices().get(1).aside().isEmpty());
        }
        assertThat(logs.verify().sentences()).isEmpty();
    }

    @Test
    void withBothLostNothingIsPublishedAndNothingIsLost() {
        try (AuditLog log = open()) {
            logs.trail.recordPublished(Logs.event("before"));
            onA.fails = true;
            onB.fails = true;
            logs.trail.record(Logs.event("waits"));
            logs.until(() -> log.devices().stream().allMatch(it -> it.aside().isPresent()));
            long size = log.size();
            int waiting = logs.rows.all().size();
            assertThatThrownBy(() -> logs.trail.recordPublished(Logs.event("refused action")))
                    .isInstanceOf(Unavailable.class);
            assertThat(logs.rows.all()).hasSizeGreaterThanOrEqualTo(waiting);
            assertThat(log.size()).isEqualTo(size);
            assertThat(log.backlogGate()).isEmpty();
            for (int entry = 0; entry < 200; entry++) {
                logs.trail.record(Logs.event("mail " + entry));
            }
            logs.until(() -> log.backlogGate().isPresent());
            assertThat(log.backlogGate().orElseThrow().reply()).isEqualTo(451);
            onA.fails = false;
            onB.fails = false;
            logs.until(() -> logs.rows.empty() && log.backlogGate().isEmpty());
        }
        String told = told();
        assertThat(told).contains("waits", "mail 0", "mail 199").doesNotContain("refused action");
        assertThat(logs.verify().sentences()).isEmpty();
    }

    @Test
    void bothHangDuringAWriteThatEndsLate() {
        try (AuditLog log = open()) {
            logs.trail.recordPublished(Logs.event("before"));
            onA.hangs = new CountDownLatch(1);
            onB.hangs = new CountDownLatch(1);
            logs.trail.record(Logs.event("in flight"));
            logs.until(() -> log.devices().stream().allMatch(it -> it.aside().isPresent()));
            onA.hangs.countDown();
            onB.hangs.countDown();
            logs.until(() -> logs.rows.empty());
            logs.until(() -> log.devices().stream().allMatch(it -> it.aside().isEmpty()));
        }
        assertThat(told().split("in flight", -1)).hasSize(2);
        assertThat(logs.verify().sentences()).isEmpty();
    }

    @Test
    void anOldEntryOrAnOutboxAwayClosesTheGate() {
        try (AuditLog log = open()) {
            logs.rows.oldest = Duration.ofSeconds(61);
            logs.until(() -> log.backlogGate().isPresent());
            logs.rows.oldest = Duration.ZERO;
            logs.until(() -> log.backlogGate().isEmpty());
            logs.rows.away = true;
            logs.until(() -> log.backlogGate().isPresent());
            logs.rows.away = false;
        }
    }

    @Test
    void aCrashAtAnyDurableStepLosesNothingAndTellsNothingTwice() throws IOException {
        int died = 0;
        for (int mode = 0; mode < 3; mode++) {
            for (int step = 0; crash(mode, step); step++) {
                died++;
            }
        }
        assertThat(died).isGreaterThan(15);
    }

    /** Lets the devices stop at this step, then starts again; whether it stopped before the end. */
    private boolean crash(int mode, int step) throws IOException {
        Path place = Files.createDirectory(folder.resolve("crash-" + mode + "-" + step));
        logs = new Logs(place);
        logs.publish(254);
        List<Entry> batch =
                java.util.stream.IntStream.range(0, 5)
                        .mapToObj(at -> logs.trail.prepare(Logs.event("crash " + at)))
                        .toList();
        logs.rows.forgets = false;
        boolean stopped;
        try (AuditLog log =
                AuditLog.open(
                        new LogFolder(new FaultyDisk(Disk.system(), onA), logs.a),
                        new LogFolder(new FaultyDisk(Disk.system(), onB), logs.b),
                        logs.installation,
                        logs.key,
                        logs.kept,
                        logs.rows,
                        logs.trail,
                        logs.time,
                        UNPROBED)) {
            onA.stepsLeft.set(mode == 1 ? Integer.MAX_VALUE : step);
            onB.stepsLeft.set(mode == 0 ? Integer.MAX_VALUE : step);
            logs.rows.append(batch);
            logs.until(() ->
                    log.size() > 254
                            || log.devices().stream().allMatch(it -> it.aside().isPresent()));
            stopped = log.devices().stream().anyMatch(it -> it.aside().isPresent());
        }
        logs.rows.forgets = true;
        onA.stepsLeft.set(Integer.MAX_VALUE);
        onB.stepsLeft.set(Integer.MAX_VALUE);
        // A late commit comes before what was in the batch: the same width holds other bytes now.
        Entry early = logs.trail.prepare(Logs.event("early"));
        logs.rows.append(List.of(new Entry(early.id(), Logs.at(0), early.bytes())));
        logs.publish(0);
        try (AuditLog log = logs.open()) {
            logs.until(() ->
                    logs.rows.empty()
                            && log.devices().stream().allMatch(it -> it.aside().isEmpty()));
        }
        String told = told();
        for (int at = 0; at < 5; at++) {
            assertThat(told.split("crash " + at + "\"", -1))
                    .as("mode %d, step %d", mode, step)
                    .hasSize(2);
        }
        assertThat(told.split("\"early\"", -1)).hasSize(2);
        assertThat(logs.verify().sentences()).as("mode %d, step %d", mode, step).isEmpty();
        return stopped;
    }
}
