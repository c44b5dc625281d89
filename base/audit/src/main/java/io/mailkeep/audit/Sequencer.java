package io.mailkeep.audit;

import io.mailkeep.audit.internal.Checkpoint;
import io.mailkeep.audit.internal.DeviceWorker;
import io.mailkeep.audit.internal.Frontier;
import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.audit.internal.Merkle;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one that orders the log: takes what is durable, appends it to both devices, signs, remembers,
 * forgets. Used by one thread.
 *
 * <p>A batch once made is retried unchanged until a device holds it, so that a write that a hung
 * device finishes late is the same write.
 */
final class Sequencer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sequencer.class);
    // More than one batch can't be in the log and in the outbox at once; this is eight of them.
    private static final int RECENT_MAX = 16_384;
    private static final int CATCH_UP_BUNDLES = 16;
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long RETRY_FORK_NANOS = Duration.ofMinutes(1).toNanos();

    private final List<Device> devices;
    private final InstallationId installation;
    private final CheckpointKey key;
    private final Note.Verifier verifier;
    private final RememberedCheckpoint remembered;
    private final Outbox outbox;
    private final Trail trail;
    private final Time time;
    private final AuditLimits limits;
    private final DeviceWorker keyDevice;
    private final Set<UUID> recent = new HashSet<>();
    private final Deque<UUID> recentOrder = new ArrayDeque<>();
    private final Deque<Event> notices = new ArrayDeque<>();
    private final List<UUID> toForget = new ArrayList<>();
    private volatile Frontier tree;
    private Optional<Batch> pending = Optional.empty();
    private boolean outdatedMemory;
    private long probedAt;

    private record Batch(Frontier.Plan plan, String checkpoint, List<UUID> ids) {}

    Sequencer(
            List<Device> devices,
            InstallationId installation,
            CheckpointKey key,
            RememberedCheckpoint remembered,
            Outbox outbox,
            Trail trail,
            Time time,
            AuditLimits limits,
            Frontier tree,
            List<UUID> tail,
            DeviceWorker keyDevice) {
        this.devices = devices;
        this.keyDevice = keyDevice;
        this.installation = installation;
        this.key = key;
        this.verifier = Note.Verifier.parse(key.verifierKey());
        this.remembered = remembered;
        this.outbox = outbox;
        this.trail = trail;
        this.time = time;
        this.limits = limits;
        this.tree = tree;
        this.probedAt = time.nanos();
        tail.forEach(this::remember);
    }

    long size() {
        return tree.size();
    }

    /** One round: heal, take, publish, forget. Returns whether more waits than one batch took. */
    boolean step() {
        devices.forEach(this::heal);
        boolean more = false;
        if (pending.isEmpty() && forgotten()) {
            more = take();
        }
        if (pending.isPresent()) {
            publish(pending.get());
        } else {
            probe();
        }
        if (outdatedMemory) {
            keepCheckpoint(key.sign(tree.size(), tree.root()));
        }
        tell();
        return more && pending.isEmpty();
    }

    private boolean take() {
        List<Entry> taken = outbox.take(limits.batchEntries());
        List<Entry> fresh = new ArrayList<>();
        Set<UUID> ids = new HashSet<>();
        for (Entry entry : taken) {
            if (recent.contains(entry.id())) {
                toForget.add(entry.id());
            } else if (ids.add(entry.id())) {
                fresh.add(entry);
            }
        }
        if (!fresh.isEmpty()) {
            fresh.sort(Comparator.comparing(Entry::at).thenComparing(Entry::id));
            Frontier.Plan plan = tree.append(fresh.stream().map(Entry::bytes).toList());
            pending =
                    Optional.of(
                            new Batch(
                                    plan,
                                    key.sign(plan.next().size(), plan.next().root()),
                                    fresh.stream().map(Entry::id).toList()));
        }
        return taken.size() == limits.batchEntries();
    }

    private void publish(Batch batch) {
        Map<Device, DeviceWorker.Handed<Boolean>> handed = new java.util.LinkedHashMap<>();
        long began = time.nanos();
        for (Device device : devices) {
            if (device.inUse()) {
                handed.put(device, device.hand(() -> written(device, batch)));
            }
        }
        boolean held = false;
        for (Map.Entry<Device, DeviceWorker.Handed<Boolean>> one : handed.entrySet()) {
            Duration left = limits.deviceDeadline().minusNanos(time.nanos() - began);
            held |= came(one.getKey(), one.getValue(), left);
        }
        if (!held) {
            return;
        }
        for (Device device : devices) {
            if (device.inUse()) {
                device.holds(batch.plan().next().size());
            }
        }
        tree = batch.plan().next();
        pending = Optional.empty();
        probedAt = time.nanos();
        batch.ids().forEach(this::remember);
        toForget.addAll(batch.ids());
        keepCheckpoint(batch.checkpoint());
        batch.ids().forEach(trail::published);
        forgotten();
    }

    private Boolean written(Device device, Batch batch) throws IOException {
        // An unmounted device leaves an empty folder that would take the bytes: look first.
        device.folder.check(installation, device.role);
        device.folder.write(batch.plan(), batch.checkpoint());
        return true;
    }

    /** Whether the device did what it was handed; sets it aside if it didn't. */
    private boolean came(Device device, DeviceWorker.Handed<Boolean> handed, Duration left) {
        try {
            return handed.await(left);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException hangs) {
            setAside(device, "doesn't answer: it hangs or is blocked");
        } catch (Exception failed) {
            setAside(device, "failed: " + failed.getMessage());
        }
        return false;
    }

    /** Tells of a device that was set aside already when the log was opened. */
    void lost(Device device) {
        setAside(device, device.state().aside().orElse("is away"));
    }

    private void setAside(Device device, String why) {
        device.setAside(why, time.nanos() + RETRY_NANOS);
        log.atError()
                .addKeyValue("device", device.role)
                .addKeyValue("why", why)
                .log("An audit device was set aside. The log goes on with the other, if there is.");
        notices.add(
                new Event(
                        EventType.AUDIT_DEVICE_LOST,
                        Event.INSTALLATION,
                        "module:audit",
                        Event.Decision.FAILED,
                        device.role,
                        Map.of("reason", why),
                        List.of()));
    }

    private void probe() {
        if (time.nanos() - probedAt < limits.probeEvery().toNanos()) {
            return;
        }
        probedAt = time.nanos();
        Map<Device, DeviceWorker.Handed<Boolean>> handed = new java.util.LinkedHashMap<>();
        for (Device device : devices) {
            if (device.inUse()) {
                handed.put(device, device.hand(() -> probed(device)));
            }
        }
        long began = time.nanos();
        handed.forEach((device, one) ->
                came(device, one, limits.deviceDeadline().minusNanos(time.nanos() - began)));
    }

    private Boolean probed(Device device) throws IOException {
        device.folder.check(installation, device.role);
        device.folder.probe();
        return true;
    }

    /** Tries to take a device back that was set aside. */
    private void heal(Device device) {
        if (!device.worthTrying(time.nanos())) {
            return;
        }
        try {
            Checkpoint found = device.within(limits.deviceDeadline(), () -> edge(device));
            device.holds(found.size());
            if (found.size() < tree.size() && !catchUp(device, found)) {
                return;
            }
            boolean same =
                    device.size() == tree.size()
                            && (found.size() < tree.size()
                                    || found.sameAs(tree.size(), tree.root()));
            if (same || holdsPending(found)) {
                back(device);
            } else {
                device.setAside(
                        "holds " + found.size() + " entries that aren't this log's (fork)",
                        time.nanos() + RETRY_FORK_NANOS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException hangs) {
            device.setAside("doesn't answer: it hangs or is blocked", time.nanos() + RETRY_NANOS);
        } catch (Exception still) {
            device.setAside("failed: " + still.getMessage(), time.nanos() + RETRY_NANOS);
        }
    }

    private boolean holdsPending(Checkpoint found) {
        return pending.map(batch ->
                        found.sameAs(batch.plan().next().size(), batch.plan().next().root()))
                .orElse(false);
    }

    private void back(Device device) {
        device.use();
        log.atInfo().addKeyValue("device", device.role).log("An audit device is in use again.");
        notices.add(
                Event.granted(
                        EventType.AUDIT_DEVICE_BACK,
                        Event.INSTALLATION,
                        "module:audit",
                        device.role,
                        Map.of("entries", Long.toString(device.size()))));
    }

    /** What a device claims to hold, checked at its right edge. */
    private Checkpoint edge(Device device) throws IOException {
        LogFolder folder = device.folder;
        folder.check(installation, device.role);
        folder.lock();
        folder.settle();
        Checkpoint checkpoint =
                folder.checkpoint()
                        .flatMap(note -> Note.checkpoint(note, verifier))
                        .orElseThrow(() -> new IOException("its checkpoint isn't signed by us"));
        Frontier edge = Frontier.load(folder, checkpoint.size(), checkpoint.size());
        if (!Arrays.equals(edge.root(), checkpoint.root())) {
            throw new IOException("its tiles don't match its checkpoint");
        }
        folder.probe();
        return checkpoint;
    }

    /**
     * Copies what a device misses from one in use, some bundles a round, recomputing every hash.
     * Returns whether it holds everything now.
     */
    private boolean catchUp(Device device, Checkpoint found) throws Exception {
        Optional<Device> source = devices.stream().filter(Device::inUse).findFirst();
        if (source.isEmpty()) {
            device.setAside(
                    "is behind the other device, which is away", time.nanos() + RETRY_NANOS);
            return false;
        }
        LogFolder from = source.get().folder;
        Frontier edge;
        Frontier.Plan plan;
        try {
            edge =
                    source.get()
                            .within(
                                    limits.deviceDeadline(),
                                    () -> Frontier.load(from, found.size(), tree.size()));
            if (!Arrays.equals(edge.root(), found.root())) {
                device.setAside(
                        "holds " + found.size() + " entries that aren't this log's (fork)",
                        time.nanos() + RETRY_FORK_NANOS);
                return false;
            }
            plan = source.get().within(limits.deviceDeadline(), () -> slice(from, edge));
        } catch (TimeoutException hangs) {
            setAside(source.get(), "doesn't answer: it hangs or is blocked");
            return false;
        } catch (IOException damaged) {
            setAside(source.get(), "failed: " + damaged.getMessage());
            return false;
        }
        Frontier next = plan.next();
        if (next.size() == tree.size() && !Arrays.equals(next.root(), tree.root())) {
            setAside(source.get(), "its entries don't match its checkpoint");
            return false;
        }
        String checkpoint = key.sign(next.size(), next.root());
        device.within(
                limits.deviceDeadline(),
                () -> {
                    device.folder.write(plan, checkpoint);
                    return true;
                });
        device.holds(next.size());
        if (next.size() < tree.size()) {
            device.setAside("is catching up", time.nanos());
            return false;
        }
        return true;
    }

    private Frontier.Plan slice(LogFolder from, Frontier edge) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        long bundle = edge.size() / 256;
        long last = Math.min(bundle + CATCH_UP_BUNDLES, (tree.size() + 255) / 256);
        for (; bundle < last; bundle++) {
            List<byte[]> all = from.bundle(bundle, tree.size()).require();
            List<byte[]> hashes = from.tile(0, bundle, tree.size());
            for (int at = (int) Math.max(0, edge.size() - bundle * 256); at < all.size(); at++) {
                if (!Arrays.equals(Merkle.leaf(all.get(at)), hashes.get(at))) {
                    throw new IOException("entry " + (bundle * 256 + at) + " was changed");
                }
                entries.add(all.get(at));
            }
        }
        return edge.append(entries);
    }

    private void keepCheckpoint(String checkpoint) {
        if (keyDevice.busy()) {
            outdatedMemory = true;
            return;
        }
        try {
            keyDevice
                    .hand(() -> {
                        remembered.write(checkpoint);
                        return true;
                    })
                    .await(limits.deviceDeadline());
            outdatedMemory = false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Exception notKept) {
            if (!outdatedMemory) {
                log.atError()
                        .setCause(notKept)
                        .log("The key device doesn't remember the audit log's checkpoint.");
            }
            outdatedMemory = true;
        }
    }

    /** Takes published entries out of the outbox; whether none is left there. */
    private boolean forgotten() {
        if (!toForget.isEmpty()) {
            outbox.published(List.copyOf(toForget));
            toForget.clear();
        }
        return true;
    }

    /** Puts what happened to the devices on the log itself. */
    private void tell() {
        while (!notices.isEmpty()) {
            trail.record(notices.getFirst());
            notices.removeFirst();
        }
    }

    private void remember(UUID id) {
        if (recent.add(id)) {
            recentOrder.addLast(id);
        }
        while (recentOrder.size() > RECENT_MAX) {
            recent.remove(recentOrder.removeFirst());
        }
    }

    static int recentMax() {
        return RECENT_MAX;
    }

    @Override
    public void close() {
        devices.forEach(Device::close);
        keyDevice.close();
    }
}
