package io.mailkeep.segments;

import static io.mailkeep.segments.Bench.MAINTAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.segments.Finding.Severity;
import io.mailkeep.testing.sim.Faults;
import io.mailkeep.testing.sim.Faults.Op;
import io.mailkeep.testing.sim.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One volume on a disk that fails as a seed says, and a ledger of what was promised. */
final class World {
    private static final Path VOLUMES = Path.of("/v");
    private static final Faults GONE = Faults.after(0);
    private static final List<Op> FAILING =
            List.of(Op.FORCE, Op.WRITE, Op.CREATE, Op.FORCE_FOLDER, Op.RENAME);

    private final Randomness random;
    private final SimDisk disk;
    private final Bench bench;
    private final Map<BlobId, Bench.Body> attempted = new HashMap<>();
    private final Map<BlobId, StoredBlob> acknowledged = new LinkedHashMap<>();
    private final Map<Place, BlobId> used = new HashMap<>();
    private boolean lied;
    private SegmentStore store;

    World(Randomness random) {
        this.random = random;
        this.disk = new SimDisk(random);
        this.bench = new Bench(disk, VOLUMES, random, DataClass.SENSITIVE);
        bench.limits = bench.limits.withSegmentBytes(3_000);
        bench.volumes.initialise(disk);
        this.store = opened();
    }

    /** Lives through this many things that happen, then through a power cut. */
    void live(int steps) {
        for (int i = 0; i < steps; i++) {
            switch (random.below(12)) {
                case 0 -> reopen();
                case 1 -> killed();
                case 2 -> cut();
                case 3 -> sweep();
                case 4 -> expunge();
                case 5 -> {
                    disk.faults(Faults.after(random.below(8)));
                    sweep();
                    cut();
                }
                case 6, 7 -> {
                    disk.faults(failing());
                    append();
                    disk.faults(Faults.NONE);
                }
                case 8, 9 -> {
                    disk.faults(Faults.after(random.below(12)));
                    append();
                    cut();
                }
                default -> append();
            }
        }
        cut();
        check();
        store.close();
    }

    /** One sync keeps nothing and says that it did; then the power is cut. */
    void lied() {
        append();
        for (int left = random.below(3); left >= 0; left--) {
            if (!lied && (left == 0 || random.below(2) == 0)) {
                disk.lieOnce();
                lied = true;
            }
            append();
            if (random.below(3) == 0) {
                reopen();
            }
        }
        cut();
        check();
        append();
        cut();
        check();
        store.close();
    }

    /** What the medium does to bytes that were durable, wherever they lie. */
    void rot() throws IOException {
        append();
        expunge();
        reopen();
        sweep();
        Map<Path, byte[]> before = contents();
        append();
        if (random.below(2) == 0) {
            reopen();
        }
        List<Path> files = disk.files();
        Path target = files.get(random.below(files.size()));
        byte[] good = disk.bytes(target);
        spoil(target, good, before.getOrDefault(target, new byte[0]));
        boolean spoilt = !Arrays.equals(good, disk.bytes(target));
        boolean inSegment = target.toString().endsWith(".seg");
        foundOrIntact();
        if (inSegment) {
            assertThat(store.doctor(MAINTAIN).isEmpty()).isEqualTo(!spoilt);
        }
        store.close();
        try {
            store = opened();
        } catch (VolumeRefused refused) {
            assertThat(spoilt && target.endsWith("mailkeep-volume")).isTrue();
            return;
        }
        foundOrIntact();
        List<Finding> findings = new ArrayList<>(store.opening());
        findings.addAll(store.doctor(MAINTAIN));
        assertThat(findings.isEmpty()).as("%s %s", target, findings).isEqualTo(!spoilt);
        store.close();
    }

    private Map<Path, byte[]> contents() throws IOException {
        Map<Path, byte[]> all = new HashMap<>();
        for (Path file : disk.files()) {
            all.put(file, disk.bytes(file));
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
                disk.overwrite(target, at, new byte[] {(byte) (good[at] ^ (1 << random.below(8)))});
            }
            // A lost write: the block is as it was, or as it was before there was a file.
            case 1 -> disk.overwrite(target, to, Arrays.copyOfRange(padded(older, end), to, end));
            default -> {
                List<Path> files = disk.files();
                byte[] other = disk.bytes(files.get(random.below(files.size())));
                int from = random.below((other.length + block - 1) / block) * block;
                byte[] block2 = Arrays.copyOfRange(padded(other, from + block), from, from + block);
                disk.overwrite(target, to, Arrays.copyOf(block2, end - to));
            }
        }
    }

    private static byte[] padded(byte[] bytes, int length) {
        return bytes.length >= length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void append() {
        List<Bench.Body> group = new ArrayList<>();
        for (int i = random.below(3); i >= 0; i--) {
            int size = random.below(64) == 0 ? random.below(70_000) : random.below(900);
            Bench.Body body = bench.body(size);
            attempted.put(body.blob(), body);
            group.add(body);
        }
        try {
            for (StoredBlob one : store.append(group.stream().map(Bench.Body::writing).toList())) {
                acknowledged.put(one.blob(), one);
                use(new Place(one.segment(), one.position()), one.blob());
            }
        } catch (Unavailable refused) {
            assertThat(refused.problem().reply()).isBetween(400, 499);
        }
    }

    private void use(Place place, BlobId blob) {
        BlobId other = used.putIfAbsent(place, blob);
        if (other != null && !other.equals(blob)) {
            fail(place + " holds " + blob + " and held " + other);
        }
    }

    private Faults failing() {
        int of = 1 + random.below(6);
        int[] left = {random.below(4)};
        Op only = FAILING.get(random.below(FAILING.size()));
        boolean all = random.below(3) == 0;
        return (op, path) -> {
            boolean hit = all ? op.changes() : op == only;
            if (hit && left[0] > 0 && random.below(of) == 0) {
                left[0]--;
                throw new IOException("Input/output error");
            }
        };
    }

    private void expunge() {
        acknowledged.keySet().removeIf(_ -> random.below(2) == 0);
    }

    private void sweep() {
        bench.time.advance(Duration.ofHours(random.below(3)));
        Set<Place> rows =
                acknowledged.values().stream()
                        .map(at -> new Place(at.segment(), at.position()))
                        .collect(Collectors.toSet());
        try {
            store.sweep(MAINTAIN, DataClass.SENSITIVE, Bench.rows(rows));
        } catch (Unavailable refused) {
            assertThat(refused.problem().reply()).isBetween(400, 499);
        }
    }

    private void reopen() {
        store.close();
        open();
    }

    /** The process dies; what it wrote is in the page cache. */
    private void killed() {
        end();
        disk.kill();
        open();
    }

    /**
     * The power is cut, perhaps in the middle of ending, and again while that is recovered from.
     */
    private void cut() {
        if (random.below(4) == 0) {
            store.close();
        }
        end();
        disk.powerCut();
        while (random.below(3) == 0) {
            disk.faults(Faults.after(random.below(8)));
            try {
                opened().close();
            } catch (Unavailable expected) {
                assertThat(expected.problem().reply()).isEqualTo(451);
            }
            if (random.below(2) == 0) {
                disk.powerCut();
            } else {
                disk.kill();
            }
        }
        open();
    }

    /** With threads that cost little: a seed opens the store several times. */
    private SegmentStore opened() {
        return SegmentStore.open(
                disk,
                bench.volumes,
                bench.time,
                random,
                bench.limits,
                Thread.ofVirtual().factory());
    }

    private void end() {
        disk.faults(GONE);
        store.close();
    }

    private void open() {
        store = opened();
        if (!lied) {
            assertThat(store.opening()).noneMatch(one -> one.severity() == Severity.BROKEN);
        }
    }

    /** What was acknowledged is there; whatever is there whole is what somebody wanted stored. */
    private void check() {
        for (Map.Entry<BlobId, StoredBlob> one : acknowledged.entrySet()) {
            Optional<byte[]> bytes = read(one.getValue());
            if (bytes.isEmpty() && !lied) {
                fail(one.getKey() + " was acknowledged and isn't there");
            }
        }
        store.scan(MAINTAIN, DataClass.SENSITIVE, Optional.empty(), this::seen);
        if (!lied) {
            assertThat(store.doctor(MAINTAIN)).noneMatch(one -> one.severity() == Severity.BROKEN);
        }
    }

    private void seen(RecordView record) {
        use(record.place(), record.stored().blob());
        if (record.intact() && read(record.stored()).isEmpty()) {
            fail(record.place() + " is intact and can't be read");
        }
        if (record.dead() && record.stored().equals(acknowledged.get(record.stored().blob()))) {
            fail(record.place() + " is wanted and was taken for an orphan");
        }
    }

    private void foundOrIntact() {
        acknowledged.values().forEach(this::read);
    }

    /** The body's own bytes, or none, which is then told when asked for. */
    private Optional<byte[]> read(StoredBlob at) {
        Bench.Body body = Optional.ofNullable(attempted.get(at.blob())).orElseThrow();
        try {
            byte[] bytes = Bench.get(store, at, body.key());
            if (!Arrays.equals(bytes, body.bytes())) {
                fail(at + " yields other bytes than were stored");
            }
            return Optional.of(bytes);
        } catch (TamperedException found) {
            assertThat(store.check(MAINTAIN, at)).isPresent();
            return Optional.empty();
        }
    }
}
