package io.mailkeep.audit;

import io.mailkeep.audit.internal.DeviceWorker;
import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log on its two devices: what is durable in the outbox is published within a second while a
 * device works, in one order, once ({@code DAT-6}).
 *
 * <p>A device that fails or hangs is set aside within 5 s and taken back when it works again; with
 * both away nothing is published and nothing is lost ({@code ATK-116}). Opening refuses folders
 * that are another's, edited, cut, forked or rolled back, before it writes anything.
 */
@Claim({"DAT-6", "ATK-111", "ATK-112", "ATK-116"})
public final class AuditLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private final List<Device> devices;
    private final Sequencer sequencer;
    private final Outbox outbox;
    private final Trail trail;
    private final Time time;
    private final AuditLimits limits;
    private final Semaphore hurry = new Semaphore(0);
    private final ReentrantLock looking = new ReentrantLock();
    private final LinkedBlockingQueue<FutureTask<?>> orders = new LinkedBlockingQueue<>();
    private final ClockWatch clock;
    private final Replacement replacement;
    private final Thread thread;
    private volatile Inspection inspection = new Inspection(Inspection.State.RUNNING, 0, List.of());
    private volatile boolean open = true;
    private volatile Gate gate;

    private record Gate(long nanos, Optional<Problem> closed) {}

    private AuditLog(
            List<Device> devices,
            Sequencer sequencer,
            Outbox outbox,
            Trail trail,
            Time time,
            ClockWatch clock,
            Replacement replacement,
            AuditLimits limits) {
        this.devices = devices;
        this.replacement = replacement;
        this.clock = clock;
        this.sequencer = sequencer;
        this.outbox = outbox;
        this.trail = trail;
        this.time = time;
        this.limits = limits;
        this.gate = new Gate(time.nanos() - limits.publishEvery().toNanos() - 1, Optional.empty());
        trail.publisher(
                Optional.of(
                        new Trail.Publisher(
                                this::outOfOrder, hurry::release, limits.publishWait())));
        this.thread = Thread.ofVirtual().name("audit-sequencer").start(this::run);
    }

    /**
     * Opens the log in these two folders, or begins a new one if there is none and none is
     * remembered.
     *
     * @param key signs the checkpoints
     * @param remembered the last checkpoint, kept apart from both folders
     * @param trail learns what was published, and waits for it
     * @throws AuditRefused with a sentence if the folders can't be what they should
     */
    public static AuditLog open(
            Path a,
            Path b,
            InstallationId installation,
            CheckpointKey key,
            RememberedCheckpoint remembered,
            Outbox outbox,
            Trail trail,
            Time time,
            AuditLimits limits) {
        return open(
                new LogFolder(a),
                new LogFolder(b),
                installation,
                key,
                remembered,
                outbox,
                trail,
                time,
                limits);
    }

    /** The same over folders on disks of a test's. */
    static AuditLog open(
            LogFolder a,
            LogFolder b,
            InstallationId installation,
            CheckpointKey key,
            RememberedCheckpoint remembered,
            Outbox outbox,
            Trail trail,
            Time time,
            AuditLimits limits) {
        List<Device> devices =
                List.of(
                        new Device("a", a, new DeviceWorker("audit-a")),
                        new Device("b", b, new DeviceWorker("audit-b")));
        Opening opening = new Opening(devices, installation, key, remembered, time, limits);
        boolean opened = false;
        try {
            opening.check();
            Sequencer sequencer =
                    new Sequencer(
                            devices,
                            installation,
                            key,
                            remembered,
                            outbox,
                            trail,
                            time,
                            limits,
                            opening.tree(),
                            opening.tail(),
                            new DeviceWorker("audit-remembered"));
            opening.lost().forEach(sequencer::lost);
            ClockWatch clock = new ClockWatch(time, opening.newest());
            Replacement replacement =
                    new Replacement(devices, installation, key, time, limits.deviceDeadline());
            AuditLog audit =
                    new AuditLog(
                            devices, sequencer, outbox, trail, time, clock, replacement, limits);
            opened = true;
            audit.inspect(key.verifierKey(), remembered);
            return audit;
        } finally {
            if (!opened) {
                devices.forEach(Device::close);
            }
        }
    }

    /** How the two devices do. */
    public List<DeviceState> devices() {
        return devices.stream().map(Device::state).toList();
    }

    /**
     * What came of checking the whole log after the start: at start only its end is checked, {@link
     * AuditLimits#verifyAtStart} entries, so that a long log doesn't hold the start up.
     */
    public Inspection inspection() {
        return inspection;
    }

    private void inspect(String verifierKey, RememberedCheckpoint remembered) {
        if (size() <= limits.verifyAtStart()) {
            inspection = new Inspection(Inspection.State.SOUND, size(), List.of());
            return;
        }
        Thread.ofPlatform()
                .daemon()
                .name("audit-inspection")
                .start(() -> {
                    List<Path> copies =
                            devices.stream()
                                    .filter(Device::inUse)
                                    .map(device -> device.folder.path())
                                    .toList();
                    LogVerifier.Verdict whole =
                            LogVerifier.verify(copies, verifierKey, remembered.read(), time);
                    inspection = Inspection.of(whole);
                    if (open) {
                        trail.record(inspection.told());
                    }
                });
    }

    /**
     * Makes an empty folder the copy of a lost device: it is told on the log first, then everything
     * is copied from the other copy, each hash computed again, and the device is used when it holds
     * all. Answers how many entries there are to copy.
     *
     * @param role {@code a} or {@code b}
     */
    public Outcome<Long> replace(String role) {
        FutureTask<Outcome<Long>> order =
                new FutureTask<>(() -> replacement.possible(role, size()));
        Outcome<Long> possible = ordered(order);
        if (!(possible instanceof Outcome.Done<Long>)) {
            return possible;
        }
        try {
            trail.recordPublished(
                    Event.granted(
                            EventType.AUDIT_DEVICE_REPLACED,
                            Event.INSTALLATION,
                            "operator",
                            role,
                            Map.of("entries", Long.toString(size()))));
        } catch (Unavailable untold) {
            return Outcome.failed(untold.problem());
        }
        return ordered(new FutureTask<>(() -> replacement.begin(role, size())));
    }

    /** Has the sequencer's own thread do something: devices are used by it alone. */
    private Outcome<Long> ordered(FutureTask<Outcome<Long>> order) {
        orders.add(order);
        hurry.release();
        try {
            return order.get(
                    limits.deviceDeadline().multipliedBy(3).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return late("stopped while waiting");
        } catch (ExecutionException failed) {
            return late(String.valueOf(failed.getCause()));
        } catch (TimeoutException hangs) {
            return late("the sequencer didn't get to it");
        }
    }

    private static Outcome<Long> late(String detail) {
        return Outcome.failed(
                Problem.temporary(
                        "The audit log didn't get to it. See `mailkeep status`.", detail));
    }

    /** How many entries are published. */
    public long size() {
        return sequencer.size();
    }

    /**
     * Why no mail is to be taken now: too much waits to be published, or the outbox doesn't answer;
     * empty while mail may be taken. Costs a look into memory, at most four times a second a query.
     */
    public Optional<Problem> backlogGate() {
        if (time.nanos() - gate.nanos() > limits.publishEvery().toNanos() && looking.tryLock()) {
            try {
                gate = new Gate(time.nanos(), measure());
            } finally {
                looking.unlock();
            }
        }
        return gate.closed();
    }

    private Optional<Problem> measure() {
        try {
            Outbox.Backlog backlog = outbox.backlog();
            boolean full =
                    backlog.entries() > limits.backlogEntries()
                            || backlog.oldest().compareTo(limits.backlogAge()) > 0;
            return full
                    ? Optional.of(
                            Problem.temporary(
                                    "Mail can't be taken now; try again later.",
                                    "audit backlog: "
                                            + backlog.entries()
                                            + " entries, the oldest waits "
                                            + backlog.oldest().toSeconds()
                                            + " s"))
                    : Optional.empty();
        } catch (Unavailable away) {
            return Optional.of(away.problem());
        }
    }

    private Optional<String> outOfOrder() {
        return devices.stream().anyMatch(Device::inUse)
                ? Optional.empty()
                : Optional.of("Both audit devices are set aside.");
    }

    private void run() {
        boolean failing = false;
        boolean more = false;
        while (open) {
            try {
                if (!more) {
                    hurry.tryAcquire(limits.publishEvery().toNanos(), TimeUnit.NANOSECONDS);
                    hurry.drainPermits();
                }
                for (FutureTask<?> order = orders.poll(); order != null; order = orders.poll()) {
                    order.run();
                }
                clock.look().ifPresent(trail::record);
                trail.storeCounts(false);
                more = sequencer.step();
                failing = false;
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failed) {
                more = false;
                if (!failing && open) {
                    log.atWarn().setCause(failed).log("The audit log waits for its outbox.");
                }
                failing = true;
            }
        }
    }

    /** Publishes what waits, as far as that goes, and lets go of the devices. */
    @Override
    public void close() {
        trail.publisher(Optional.empty());
        open = false;
        hurry.release();
        try {
            if (thread.join(limits.deviceDeadline().plusSeconds(1))) {
                trail.storeCounts(true);
                for (int round = 0; round < 8 && sequencer.step(); round++) {
                    log.atDebug().log("Publishing what waits.");
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            log.atWarn().setCause(failed).log("Entries wait in the outbox for the next start.");
        } finally {
            sequencer.close();
        }
    }
}
