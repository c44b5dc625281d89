package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.mailkeep.audit.internal.Checkpoint;
import io.mailkeep.audit.internal.DeviceWorker;
import io.mailkeep.audit.internal.Frontier;
import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.audit.internal.TilePath;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.testing.sim.Faults;
import io.mailkeep.testing.sim.Seeds;
import io.mailkeep.testing.sim.SimDisk;
import io.mailkeep.testing.sim.SimTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The log on two devices and its memory on a third, which fail as a seed says, and a ledger of what
 * was committed, published and seen. The sequencer is driven step by step, so that a seed replays.
 */
final class LogWorld implements AutoCloseable {
    private static final InstallationId INSTALLATION = new InstallationId(new UUID(1, 2));
    private static final CheckpointKey KEY = CheckpointKey.generate(INSTALLATION);
    private static final Note.Verifier VERIFIER = Note.Verifier.parse(KEY.verifierKey());
    private static final AuditLimits LIMITS =
            new AuditLimits(
                    1_000,
                    Duration.ofSeconds(60),
                    Duration.ofMillis(20),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(3),
                    512,
                    65_536);
    private static final Path A = Path.of("/audit/a");
    private static final Path B = Path.of("/audit/b");

    private final Randomness random;
    private final SimTime time = new SimTime();
    private final SimDisk a;
    private final SimDisk b;
    private final SimDisk keys;
    private final List<SimDisk> disks;
    private final SimKept kept;
    private final SimOutbox ledger;
    private final Trail trail;
    private final Map<Long, byte[]> seen = new TreeMap<>();
    private List<Device> devices = List.of();
    private Optional<Sequencer> sequencer = Optional.empty();
    private boolean lied;

    LogWorld(Randomness random) {
        this.random = random;
        a = new SimDisk(seeded());
        b = new SimDisk(seeded());
        keys = new SimDisk(seeded());
        disks = List.of(a, b, keys);
        try {
            for (SimDisk disk : List.of(a, b)) {
                disk.createFolder(Path.of("/audit"));
            }
            keys.createFolder(SimKept.FOLDER);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        kept = new SimKept(keys);
        ledger = new SimOutbox(random);
        trail = new Trail(ledger, new Logs.Sealing(), time, random);
    }

    /** A generator of its own for each device: each is used by a thread of its own. */
    private Randomness seeded() {
        return Seeds.randomness(
                ((long) random.below(Integer.MAX_VALUE) << 31) | random.below(Integer.MAX_VALUE));
    }

    /** Lives through this many things that happen, then through a power cut. */
    void live(int steps) {
        start();
        if (random.below(64) == 0) {
            tell(240 + random.below(30));
            step();
        }
        for (int i = 0; i < steps; i++) {
            switch (random.below(10)) {
                case 0 -> killed();
                case 1 -> cut();
                case 2, 3 -> {
                    tell(1 + random.below(4));
                    disks.get(random.below(3)).faults(Faults.after(random.below(30)));
                    step();
                    tell(random.below(3));
                    step();
                    disks.forEach(disk -> disk.faults(Faults.NONE));
                }
                case 4, 5, 6 -> {
                    tell(1 + random.below(4));
                    disks.forEach(disk -> disk.faults(Faults.after(random.below(30))));
                    step();
                    if (random.below(2) == 0) {
                        cut();
                    } else {
                        killed();
                    }
                }
                case 7 -> {
                    ledger.forgets = false;
                    tell(1 + random.below(4));
                    step();
                    ledger.forgets = true;
                    if (random.below(2) == 0) {
                        cut();
                    }
                }
                default -> {
                    tell(1 + random.below(4));
                    step();
                }
            }
        }
        cut();
        settle();
        check();
    }

    /** One sync of one device keeps nothing and says that it did; then the power is cut. */
    void lied() {
        start();
        tell(1 + random.below(3));
        step();
        disks.get(random.below(3)).lieOnce();
        lied = true;
        for (int left = random.below(3); left >= 0; left--) {
            tell(1 + random.below(3));
            step();
        }
        end();
        disks.forEach(SimDisk::powerCut);
        try {
            opened();
        } catch (AuditRefused found) {
            // Refused with a sentence; the copy whose device didn't lie has all of it.
            assertThat(sound(a, A) || sound(b, B)).as(found.getMessage()).isTrue();
            return;
        }
        settle();
        check();
    }

    private boolean sound(SimDisk disk, Path path) {
        LogFolder folder = new LogFolder(disk, path);
        LogVerifier.Verdict verdict =
                LogVerifier.verifyFolders(List.of(folder), KEY.verifierKey(), kept.read(), time);
        return verdict.sound() && holdsAll(folder);
    }

    /** What the medium does to a file of one copy that was durable. */
    void rot() throws IOException {
        start();
        tell(random.below(8) == 0 ? 250 + random.below(300) : 1 + random.below(5));
        step();
        Map<Path, byte[]> before = contents();
        tell(1 + random.below(3));
        step();
        end();
        List<Path> files = a.files();
        Path target = files.get(random.below(files.size()));
        byte[] good = a.bytes(target);
        spoil(target, good, before.getOrDefault(target, new byte[0]));
        boolean spoilt = !Arrays.equals(good, a.bytes(target));
        LogFolder folder = new LogFolder(a, A);
        LogVerifier.Verdict verdict =
                LogVerifier.verifyFolders(
                        List.of(folder, new LogFolder(b, B)), KEY.verifierKey(), kept.read(), time);
        if (!verdict.sound() && !spoilt) {
            fail("nothing was spoilt: " + verdict.sentences());
        }
        if (verdict.sound() && !holdsAll(folder)) {
            fail(target + " was spoilt and nobody noticed");
        }
        boolean refused = false;
        try {
            opened();
        } catch (AuditRefused found) {
            refused = true;
        }
        boolean named = target.endsWith("identity") ? refused : !verdict.sound();
        if (spoilt && living().contains(target) && !named) {
            fail(target + " was spoilt and nobody says so");
        }
        if (!refused) {
            settle();
            check();
        }
    }

    /** The files of copy a that the newest checkpoint of the other one speaks of. */
    private Set<Path> living() throws IOException {
        long size = checkpoint(new LogFolder(b, B)).orElseThrow().size();
        Set<Path> files = new HashSet<>(List.of(A.resolve("checkpoint"), A.resolve("identity")));
        for (int level = 0; size >>> (8 * level) > 0; level++) {
            for (long index = 0; TilePath.width(level, index, size) > 0; index++) {
                int width = TilePath.width(level, index, size);
                files.add(A.resolve(TilePath.tile(level, index, width)));
                if (level == 0) {
                    files.add(A.resolve(TilePath.bundle(index, width)));
                }
            }
        }
        return files;
    }

    private Map<Path, byte[]> contents() throws IOException {
        Map<Path, byte[]> all = new HashMap<>();
        for (Path file : a.files()) {
            all.put(file, a.bytes(file));
        }
        return all;
    }

    private void spoil(Path target, byte[] good, byte[] older) throws IOException {
        if (good.length == 0) {
            return;
        }
        int block = random.below(2) == 0 ? 512 : 4096;
        int to = random.below((good.length + block - 1) / block) * block;
        int end = Math.min(good.length, to + block);
        switch (random.below(3)) {
            case 0 -> {
                int at = random.below(good.length);
                a.overwrite(target, at, new byte[] {(byte) (good[at] ^ (1 << random.below(8)))});
            }
            case 1 -> a.overwrite(target, to, Arrays.copyOfRange(padded(older, end), to, end));
            default -> {
                List<Path> files = a.files();
                byte[] other = a.bytes(files.get(random.below(files.size())));
                int from = random.below((other.length + block - 1) / block + 1) * block;
                byte[] foreign =
                        Arrays.copyOfRange(padded(other, from + block), from, from + block);
                a.overwrite(target, to, Arrays.copyOf(foreign, end - to));
            }
        }
    }

    private static byte[] padded(byte[] bytes, int length) {
        return bytes.length >= length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void tell(int entries) {
        List<Entry> more = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            more.add(trail.prepare(Logs.event("n")));
        }
        ledger.append(more);
    }

    /** A first start, perhaps cut off. */
    private void start() {
        while (random.below(8) == 0) {
            begun(random.below(20));
        }
        opened();
    }

    private void step() {
        try {
            sequencer.orElseThrow().step();
        } catch (Unavailable away) {
            assertThat(ledger.forgets).isFalse();
        }
        time.advance(Duration.ofSeconds(2));
        look();
    }

    /** Goes on until all is published and both devices are in use. */
    private void settle() {
        for (int round = 0; round < 30; round++) {
            if (ledger.waiting.isEmpty() && devices.stream().allMatch(Device::inUse)) {
                return;
            }
            step();
        }
        fail(
                ledger.waiting.size()
                        + " entries wait; "
                        + devices.stream().map(Device::state).toList());
    }

    private void killed() {
        end();
        disks.forEach(SimDisk::kill);
        opened();
    }

    /** The power is cut, and perhaps again while that is recovered from. */
    private void cut() {
        end();
        disks.forEach(SimDisk::powerCut);
        while (random.below(3) == 0) {
            begun(random.below(8));
        }
        opened();
    }

    /** A start that ends after this many changes of the disks. */
    private void begun(int changes) {
        disks.forEach(disk -> disk.faults(Faults.after(random.below(changes + 1))));
        try {
            opened();
        } catch (AuditRefused | UncheckedIOException gone) {
            // It may well refuse what it can't read; the next one, on whole devices, must not.
        }
        end();
        boolean cut = random.below(2) == 0;
        disks.forEach(cut ? SimDisk::powerCut : SimDisk::kill);
    }

    @Override
    public void close() {
        end();
    }

    private void end() {
        disks.forEach(disk -> disk.faults(Faults.after(0)));
        sequencer.ifPresent(Sequencer::close);
        sequencer = Optional.empty();
    }

    private void opened() {
        devices = List.of(device("a", a, A), device("b", b, B));
        Opening opening = new Opening(devices, INSTALLATION, KEY, kept, time, LIMITS);
        boolean open = false;
        try {
            opening.check();
            open = true;
        } finally {
            if (!open) {
                devices.forEach(Device::close);
            }
        }
        sequencer =
                Optional.of(
                        new Sequencer(
                                devices,
                                INSTALLATION,
                                KEY,
                                kept,
                                ledger,
                                trail,
                                time,
                                LIMITS,
                                opening.tree(),
                                opening.tail(),
                                new DeviceWorker("keys", Thread.ofVirtual().factory())));
        opening.lost().forEach(sequencer.get()::lost);
        saw(new Checkpoint("", opening.tree().size(), opening.tree().root()));
    }

    private static Device device(String role, SimDisk disk, Path path) {
        return new Device(
                role,
                new LogFolder(disk, path),
                new DeviceWorker(role, Thread.ofVirtual().factory()));
    }

    /** What anybody could see now is never taken back. */
    private void look() {
        long size = sequencer.orElseThrow().size();
        for (Device device : devices) {
            checkpoint(device.folder).filter(one -> one.size() <= size).ifPresent(this::saw);
        }
        kept.read().flatMap(note -> Note.checkpoint(note, VERIFIER)).ifPresent(this::saw);
    }

    private static Optional<Checkpoint> checkpoint(LogFolder folder) {
        try {
            return folder.checkpoint().flatMap(note -> Note.checkpoint(note, VERIFIER));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private void saw(Checkpoint one) {
        byte[] other = seen.putIfAbsent(one.size(), one.root());
        if (other != null && !Arrays.equals(other, one.root())) {
            fail("two different logs of " + one.size() + " entries were signed");
        }
    }

    private void check() {
        List<LogFolder> copies = devices.stream().map(device -> device.folder).toList();
        LogVerifier.Verdict verdict =
                LogVerifier.verifyFolders(copies, KEY.verifierKey(), kept.read(), time);
        if (!verdict.sound()) {
            fail(verdict.sentences().toString());
        }
        for (LogFolder copy : copies) {
            if (!holdsAll(copy)) {
                fail(copy.path() + " lacks an entry that was published");
            }
        }
        if (!lied) {
            seen.forEach((size, root) -> consistent(copies.getFirst(), size, root));
        }
    }

    private static void consistent(LogFolder copy, long size, byte[] root) {
        try {
            long whole = checkpoint(copy).orElseThrow().size();
            if (!Arrays.equals(Frontier.load(copy, size, whole).root(), root)) {
                fail("the log of " + size + " entries was another one");
            }
        } catch (IOException gone) {
            fail("the log had " + size + " entries and hasn't", gone);
        }
    }

    /** Whether a copy holds all that was published: its own bytes, once, and nothing else. */
    private boolean holdsAll(LogFolder copy) {
        Set<String> left = new HashSet<>();
        ledger.published.forEach(
                entry -> left.add(new String(entry.bytes(), StandardCharsets.UTF_8)));
        Set<String> once = new HashSet<>();
        long size = checkpoint(copy).map(Checkpoint::size).orElse(0L);
        try {
            for (long bundle = 0; bundle * TilePath.WIDTH < size; bundle++) {
                for (byte[] entry : copy.bundle(bundle, size).require()) {
                    String text = new String(entry, StandardCharsets.UTF_8);
                    if (!once.add(text) || !ledger.committed.contains(text)) {
                        fail("told twice, or never: " + text);
                    }
                    left.remove(text);
                }
            }
        } catch (IOException unreadable) {
            return false;
        }
        return left.isEmpty();
    }
}
