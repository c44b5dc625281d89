package io.mailkeep.segments;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.segments.Finding.Severity;
import io.mailkeep.segments.internal.Doctor;
import io.mailkeep.segments.internal.RecordHead;
import io.mailkeep.segments.internal.SegmentReader;
import io.mailkeep.segments.internal.Sweep;
import io.mailkeep.segments.internal.Volume;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Bodies that were appended are durable, and read back as they were or not at all; nothing in a
 * volume can be read without the body's key ({@code DAT-4}).
 *
 * <p>A volume a data class ({@code DAT-1}), each independent of the others: one that is full,
 * broken or hanging refuses its own class for the time and no other. Safe for many threads.
 *
 * <p>Not protected: sizes, times and counts of bodies; bytes are bound to their place, so an old
 * copy of a whole volume is recognised by the rows, not here.
 */
@Claim({"DAT-1", "DAT-4"})
public final class SegmentStore implements AutoCloseable {
    private static final TenantId INSTALLATION = new TenantId(new UUID(0, 0));
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final Map<DataClass, Volume> volumes;

    private SegmentStore(Map<DataClass, Volume> volumes) {
        this.volumes = volumes;
    }

    /**
     * Opens the volumes: checks the identity of all of them before it writes to any, then cuts what
     * a crash left after the last valid record of each.
     *
     * @throws VolumeRefused if a volume isn't the one that belongs there
     * @throws Unavailable if a volume can't be read
     */
    public static SegmentStore open(
            Volumes volumes, Time time, Randomness randomness, SegmentLimits limits) {
        return open(Disk.system(), volumes, time, randomness, limits);
    }

    /** The same on another disk: for tests that replay a fault. */
    public static SegmentStore open(
            Disk disk, Volumes volumes, Time time, Randomness randomness, SegmentLimits limits) {
        // Platform threads: a call into a hung file system keeps the thread that made it.
        ThreadFactory threads = Thread.ofPlatform().daemon().factory();
        return open(disk, volumes, time, randomness, limits, threads);
    }

    /** The same with other threads: for tests that open thousands of stores. */
    static SegmentStore open(
            Disk disk,
            Volumes volumes,
            Time time,
            Randomness randomness,
            SegmentLimits limits,
            ThreadFactory threads) {
        volumes.check(disk);
        Volume.Setting setting =
                new Volume.Setting(disk, volumes.installation(), time, randomness, limits, threads);
        Map<DataClass, Volume> opened = new EnumMap<>(DataClass.class);
        volumes.paths()
                .forEach((dataClass, path) -> {
                    try {
                        opened.put(dataClass, new Volume(setting, dataClass, path));
                    } catch (IOException failure) {
                        opened.values().forEach(one -> one.close(CLOSING));
                        throw new Unavailable(
                                Problem.temporary(
                                        "The mail store can't be read at the moment.",
                                        "volume " + dataClass.label() + ": " + failure),
                                failure);
                    }
                });
        return new SegmentStore(opened);
    }

    /** What was seen when the volumes were opened: torn tails that were cut, damage. */
    public List<Finding> opening() {
        return volumes.values().stream().flatMap(one -> one.opening().stream()).toList();
    }

    /**
     * Appends bodies; all are durable on return, in the order given. Asks each volume that it
     * touches for one sync. A body's key must be fresh; the same body may be handed in again after
     * a failure.
     *
     * @throws Unavailable if one of them couldn't be stored: none of them counts then, and what was
     *     written is an orphan
     */
    public List<StoredBlob> append(List<Writing> writings) {
        Map<DataClass, List<Writing>> byClass = new EnumMap<>(DataClass.class);
        for (Writing writing : writings) {
            writing.access().requireEither(Operation.DELIVER, Operation.WRITE);
            byClass.computeIfAbsent(writing.dataClass(), _ -> new ArrayList<>()).add(writing);
        }
        Map<DataClass, Volume.Pending> pending = new EnumMap<>(DataClass.class);
        Optional<RuntimeException> failure = Optional.empty();
        for (Map.Entry<DataClass, List<Writing>> one : byClass.entrySet()) {
            try {
                pending.put(one.getKey(), volume(one.getKey()).append(one.getValue()));
            } catch (Unavailable refused) {
                failure = Optional.of(refused);
            }
        }
        Map<DataClass, List<StoredBlob>> stored = new EnumMap<>(DataClass.class);
        for (Map.Entry<DataClass, Volume.Pending> one : pending.entrySet()) {
            try {
                stored.put(one.getKey(), new ArrayList<>(one.getValue().await()));
            } catch (RuntimeException problem) {
                failure = Optional.of(problem);
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return writings.stream()
                .map(one -> Objects.requireNonNull(stored.get(one.dataClass())).removeFirst())
                .toList();
    }

    /** Why this class takes no mail at the moment, if so: to be asked before mail is taken. */
    public Optional<Problem> refusing(DataClass dataClass) {
        return volume(dataClass).refusing();
    }

    /** The part of the class' device that is in use, 0 to 1. */
    public double used(DataClass dataClass) {
        return volume(dataClass).used();
    }

    /**
     * Opens a body of the access' tenant.
     *
     * @throws TamperedException if what lies there isn't what the row refers to
     * @throws Unavailable if the volume doesn't answer
     */
    public BlobReader read(Access access, StoredBlob blob, DataKey bodyKey) {
        access.require(Operation.READ);
        if (!access.tenant().equals(blob.tenant())) {
            throw new AccessDenied("a body of another tenant was asked for");
        }
        Volume volume = volume(blob.dataClass());
        Optional<SegmentReader> segment = volume.reader(blob.segment());
        try {
            Optional<RecordHead> head = Optional.empty();
            if (segment.isPresent()) {
                head = segment.get().head(blob);
            }
            if (segment.isEmpty() || head.isEmpty()) {
                volume.report(damaged(blob));
                throw new TamperedException(damaged(blob).text());
            }
            return new BlobReader(access, volume, segment.get(), blob, head.get(), bodyKey);
        } catch (IOException failure) {
            throw volume.away(failure);
        }
    }

    /**
     * Hands every record of a class that was acknowledged, and what else was whole after a crash,
     * to {@code each}, oldest first: of the access' tenant, or of all for the installation's own.
     * Reads every byte; needs no key.
     *
     * @param from where to go on; empty for the beginning
     */
    public void scan(
            Access access, DataClass dataClass, Optional<Place> from, Consumer<RecordView> each) {
        access.require(Operation.MAINTAIN);
        Predicate<TenantId> mine = tenants(access);
        volume(dataClass)
                .scan(
                        from,
                        record -> {
                            if (mine.test(record.stored().tenant())) {
                                each.accept(record);
                            }
                        });
    }

    /**
     * Marks records dead that no row refers to, and removes segments in which nothing lives. Looks
     * only at segments of earlier lives of this process, whose rows can't come any more since the
     * writer fence was raised, and at those that nothing was appended to for {@link
     * SegmentLimits#sweepAge}.
     */
    public Swept sweep(Access access, DataClass dataClass, Rows rows) {
        access.require(Operation.MAINTAIN);
        return new Sweep(volume(dataClass), rows, tenants(access)).run();
    }

    /** What is wrong with the record that a row refers to (V7); reads all of it. */
    public Optional<Finding> check(Access access, StoredBlob blob) {
        access.require(Operation.MAINTAIN);
        if (!tenants(access).test(blob.tenant())) {
            throw new AccessDenied("a body of another tenant was asked for");
        }
        Volume volume = volume(blob.dataClass());
        Optional<SegmentReader> segment = volume.reader(blob.segment());
        try {
            boolean right = segment.isPresent() && segment.get().intact(blob);
            return right ? Optional.empty() : Optional.of(damaged(blob));
        } catch (IOException failure) {
            throw volume.away(failure);
        }
    }

    /**
     * Recomputes the invariants; changes nothing. Empty when all is well.
     *
     * <ul>
     *   <li>V1: each volume's identity file names this installation, its class and region.
     *   <li>V2: each segment begins with a valid header of this volume and of its own name.
     *   <li>V3: from there to its end it is a gapless row of valid records: lengths and checksums
     *       right for this place in this segment.
     *   <li>V4: a segment that nothing is appended to has exactly the bytes that its end mark says.
     *   <li>V5: each dead mark names a record.
     *   <li>V6: nothing else lies beside the segments.
     *   <li>V7: each row refers to a valid record of its tenant, body, class and size ({@link
     *       #check}, which whoever holds the rows calls).
     * </ul>
     */
    public List<Finding> doctor(Access access) {
        access.require(Operation.MAINTAIN);
        return volumes.values().stream().flatMap(one -> new Doctor(one).run().stream()).toList();
    }

    /** What a volume did since it was opened. */
    public Counters counters(DataClass dataClass) {
        return volume(dataClass).counters();
    }

    /** Finishes what is under way and marks where each segment ends, for a quick start. */
    @Override
    public void close() {
        volumes.values().forEach(one -> one.close(CLOSING));
    }

    /** What a damaged or missing record is called. */
    static Finding damaged(StoredBlob blob) {
        return new Finding(
                Severity.BROKEN,
                blob.dataClass(),
                "V7",
                "the body "
                        + blob.blob()
                        + " isn't what was stored: segment "
                        + blob.segment()
                        + ", position "
                        + blob.position());
    }

    private static Predicate<TenantId> tenants(Access access) {
        TenantId tenant = access.tenant();
        return tenant.equals(INSTALLATION) ? _ -> true : tenant::equals;
    }

    private Volume volume(DataClass dataClass) {
        Volume volume = volumes.get(dataClass);
        if (volume == null) {
            throw new IllegalArgumentException("no volume for class " + dataClass.label());
        }
        return volume;
    }

    /**
     * What a sweep did.
     *
     * @param records looked at
     * @param orphans newly found without a row
     * @param segments files removed, because nothing lived in them
     */
    public record Swept(long records, long orphans, long segments) {}
}
