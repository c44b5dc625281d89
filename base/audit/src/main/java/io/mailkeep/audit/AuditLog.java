package io.mailkeep.audit;

import io.mailkeep.audit.internal.Checkpoint;
import io.mailkeep.audit.internal.Frontier;
import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.audit.internal.Merkle;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.audit.internal.TilePath;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    private static final Duration CHECK_AT_MOST = Duration.ofSeconds(60);

    private final List<Device> devices;
    private final Sequencer sequencer;
    private final Outbox outbox;
    private final Trail trail;
    private final Time time;
    private final AuditLimits limits;
    private final Semaphore hurry = new Semaphore(0);
    private final ReentrantLock looking = new ReentrantLock();
    private final Thread thread;
    private volatile boolean open = true;
    private volatile Gate gate;

    private record Gate(long nanos, Optional<Problem> closed) {}

    private AuditLog(
            List<Device> devices,
            Sequencer sequencer,
            Outbox outbox,
            Trail trail,
            Time time,
            AuditLimits limits) {
        this.devices = devices;
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

    /** The same over folders whose steps a test may stop. */
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
        List<Device> devices = List.of(new Device("a", a), new Device("b", b));
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
                            opening.tail());
            opening.lost().forEach(sequencer::lost);
            AuditLog audit = new AuditLog(devices, sequencer, outbox, trail, time, limits);
            opened = true;
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

    /** Makes sure, before anything is written, that the folders hold this log and all of it. */
    private static final class Opening {
        private final List<Device> devices;
        private final InstallationId installation;
        private final CheckpointKey key;
        private final Note.Verifier verifier;
        private final RememberedCheckpoint remembered;
        private final Time time;
        private final AuditLimits limits;
        private final List<Device> lost = new ArrayList<>();
        private Frontier tree = Frontier.empty();
        private List<UUID> tail = List.of();

        Opening(
                List<Device> devices,
                InstallationId installation,
                CheckpointKey key,
                RememberedCheckpoint remembered,
                Time time,
                AuditLimits limits) {
            this.devices = devices;
            this.installation = installation;
            this.key = key;
            this.verifier = Note.Verifier.parse(key.verifierKey());
            this.remembered = remembered;
            this.time = time;
            this.limits = limits;
        }

        Frontier tree() {
            return tree;
        }

        List<UUID> tail() {
            return tail;
        }

        List<Device> lost() {
            return lost;
        }

        void check() {
            Optional<String> known = remembered.read();
            List<Device> missing = new ArrayList<>();
            for (Device device : devices) {
                on(device, limits.deviceDeadline(), () -> blank(device))
                        .filter(blank -> blank)
                        .ifPresent(blank -> missing.add(device));
            }
            if (known.isEmpty() && lost.isEmpty() && mayBegin(missing)) {
                missing.forEach(this::begin);
                remembered.write(key.sign(0, Merkle.empty()));
            }
            List<LogVerifier.Copy> copies = new ArrayList<>();
            for (Device device : devices) {
                on(device, limits.deviceDeadline(), () -> taken(device));
            }
            for (Device device : devices) {
                if (!lost.contains(device)) {
                    on(device, CHECK_AT_MOST, () -> scanned(device)).ifPresent(copies::add);
                }
            }
            LogVerifier.Copy longest = sound(copies, known);
            for (Device device : devices) {
                copies.stream()
                        .filter(copy -> copy.folder() == device.folder)
                        .findFirst()
                        .ifPresent(copy -> admit(device, copy, longest));
            }
        }

        private Boolean blank(Device device) throws IOException {
            return device.folder.blank();
        }

        /** Only a log without an entry may be begun, or its beginning finished. */
        private boolean mayBegin(List<Device> missing) {
            for (Device device : devices) {
                if (!missing.contains(device)) {
                    LogVerifier.Copy copy = LogVerifier.check(device.folder, verifier, 0);
                    if (copy.size() > 0 || !copy.intact()) {
                        return false;
                    }
                }
            }
            return true;
        }

        private void begin(Device device) {
            try {
                device.folder.create(
                        installation,
                        device.role,
                        key.verifierKey() + "\n",
                        key.sign(0, Merkle.empty()));
            } catch (IOException failed) {
                throw new AuditRefused(
                        "The audit folder "
                                + device.folder.path()
                                + " can't be made: "
                                + failed.getMessage()
                                + ".");
            }
        }

        private Boolean taken(Device device) throws IOException {
            device.folder.check(installation, device.role);
            device.folder.lock();
            return true;
        }

        private LogVerifier.Copy scanned(Device device) throws IOException {
            long size =
                    device.folder
                            .checkpoint()
                            .flatMap(note -> Note.checkpoint(note, verifier))
                            .map(Checkpoint::size)
                            .orElse(0L);
            return LogVerifier.check(
                    device.folder, verifier, Math.max(0, size - limits.verifyAtStart()));
        }

        private LogVerifier.Copy sound(List<LogVerifier.Copy> copies, Optional<String> known) {
            if (copies.isEmpty()) {
                throw new AuditRefused("Neither audit device answers. Mount at least one.");
            }
            LogVerifier.Copy longest =
                    copies.stream()
                            .max(java.util.Comparator.comparingLong(LogVerifier.Copy::size))
                            .orElseThrow();
            boolean bad = copies.stream().anyMatch(copy -> !copy.intact());
            boolean forked = copies.stream().anyMatch(copy -> !LogVerifier.prefix(copy, longest));
            LogVerifier.Verdict whole =
                    LogVerifier.compare(bad || forked ? copies : List.of(longest), known, verifier);
            if (!whole.sound()) {
                throw new AuditRefused(
                        "The audit log isn't what was published. "
                                + String.join(" ", whole.sentences())
                                + " Keep the folders as they are and see `mailkeep audit verify`.");
            }
            return longest;
        }

        private void admit(Device device, LogVerifier.Copy copy, LogVerifier.Copy longest) {
            device.holds(copy.size());
            if (copy.equals(longest)) {
                try {
                    tree = Frontier.load(copy.folder(), copy.size(), copy.size());
                    tail = ids(copy);
                } catch (IOException failed) {
                    throw new AuditRefused(
                            copy.name() + " can't be read: " + failed.getMessage() + ".");
                }
            } else if (copy.size() < longest.size()) {
                device.setAside("is catching up", time.nanos());
            }
        }

        /** The ids of the newest entries, so that what is replayed after a crash is known. */
        private static List<UUID> ids(LogVerifier.Copy copy) throws IOException {
            List<UUID> ids = new ArrayList<>();
            long first = Math.max(0, copy.size() - Sequencer.recentMax()) / TilePath.WIDTH;
            for (long bundle = first; bundle * TilePath.WIDTH < copy.size(); bundle++) {
                for (byte[] entry : copy.folder().bundle(bundle, copy.size()).require()) {
                    id(entry).ifPresent(ids::add);
                }
            }
            return ids;
        }

        private static Optional<UUID> id(byte[] entry) {
            String start = "{\"id\":\"";
            String head =
                    new String(
                            entry,
                            0,
                            Math.min(entry.length, start.length() + 36),
                            StandardCharsets.UTF_8);
            try {
                return head.startsWith(start)
                        ? Optional.of(UUID.fromString(head.substring(start.length())))
                        : Optional.empty();
            } catch (IllegalArgumentException notOurs) {
                return Optional.empty();
            }
        }

        /** Work on a device; empty, and the device set aside, if it hangs or fails. */
        private <T> Optional<T> on(
                Device device, Duration deadline, java.util.concurrent.Callable<T> work) {
            if (lost.contains(device)) {
                return Optional.empty();
            }
            try {
                return Optional.of(device.within(deadline, work));
            } catch (AuditRefused refused) {
                throw refused;
            } catch (TimeoutException hangs) {
                device.setAside("doesn't answer: it hangs or is blocked", time.nanos());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                device.setAside("was stopped", time.nanos());
            } catch (Exception failed) {
                device.setAside("failed: " + failed.getMessage(), time.nanos());
            }
            lost.add(device);
            return Optional.empty();
        }
    }
}
