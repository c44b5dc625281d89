package io.mailkeep.segments.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.segments.Counters;
import io.mailkeep.segments.Finding;
import io.mailkeep.segments.Place;
import io.mailkeep.segments.RecordView;
import io.mailkeep.segments.SegmentLimits;
import io.mailkeep.segments.StoredBlob;
import io.mailkeep.segments.Writing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open volume of one class: what segments it has, and the thread that appends to it. */
public final class Volume {
    private static final Logger LOG = LoggerFactory.getLogger(Volume.class);

    private final Disk disk;
    private final Path folder;
    private final InstallationId installation;
    private final DataClass dataClass;
    private final Time time;
    private final Randomness randomness;
    private final SegmentLimits limits;
    private final Marks marks;
    private final Tally tally = new Tally();
    private final Map<UUID, KnownSegment> byId = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, KnownSegment> bySequence =
            new ConcurrentSkipListMap<>();
    private final List<Finding> opening;
    private final WriterThread thread;
    private long sequence;

    /**
     * What all volumes of a store share.
     *
     * @param threads makes the thread that writes to a volume
     */
    public record Setting(
            Disk disk,
            InstallationId installation,
            Time time,
            Randomness randomness,
            SegmentLimits limits,
            ThreadFactory threads) {}

    /** Finds out what the volume holds and cuts what a crash left; its identity was checked. */
    public Volume(Setting setting, DataClass dataClass, Path path) throws IOException {
        this.disk = setting.disk();
        this.folder = path.resolve(VolumeIdentity.SEGMENTS);
        this.installation = setting.installation();
        this.dataClass = dataClass;
        this.time = setting.time();
        this.randomness = setting.randomness();
        this.limits = setting.limits();
        this.marks = new Marks(disk, folder);
        VolumeOpening found = new VolumeOpening(disk, folder, installation, dataClass);
        bySequence.putAll(found.read());
        bySequence.values().forEach(one -> byId.put(one.identity().name().id(), one));
        this.sequence = found.highest();
        this.opening = List.copyOf(found.findings());
        tally.cutTails(found.cutTails());
        opening.forEach(this::report);
        this.thread =
                new WriterThread(
                        dataClass.label(),
                        new VolumeWriter(disk, this, time, limits, tally),
                        setting.threads());
    }

    /** The class. */
    public DataClass dataClass() {
        return dataClass;
    }

    /** What was seen when it was opened. */
    public List<Finding> opening() {
        return opening;
    }

    /** What it did since. */
    public Counters counters() {
        return tally.snapshot();
    }

    /** Hands a group to the volume's thread. */
    public Pending append(List<Writing> group) {
        WriterThread.Job job = thread.submit(group);
        return () -> job.await(limits.patience());
    }

    /** A group on its way. */
    @FunctionalInterface
    public interface Pending {
        /** Waits until all of it is durable. */
        List<StoredBlob> await();
    }

    /** Why it takes nothing more at the moment, if so. */
    public Optional<Problem> refusing() {
        return VolumeWriter.refusal(disk, this, limits, 0);
    }

    /** The part of its device that is in use, 0 to 1. */
    public double used() {
        try {
            return disk.space(folder).usedWith(0);
        } catch (IOException failure) {
            throw away(failure);
        }
    }

    /** Ends the segment in use and the thread. */
    public void close(Duration patience) {
        thread.close(patience);
    }

    /** A file of this volume for one reader; empty if there is no such segment. */
    public Optional<SegmentReader> reader(UUID segment) {
        return Optional.ofNullable(byId.get(segment))
                .map(one -> new SegmentReader(disk, folder, one.identity()));
    }

    /** Goes through all that was acknowledged, in order, from this place on. */
    public void scan(Optional<Place> from, Consumer<RecordView> each) {
        boolean begun = from.isEmpty();
        for (KnownSegment segment : bySequence.values()) {
            boolean first =
                    from.isPresent() && from.get().segment().equals(segment.identity().name().id());
            begun |= first;
            if (begun && segment.end() > SegmentIdentity.HEADER) {
                long start = first ? from.get().position() : SegmentIdentity.HEADER;
                read(segment, start, each);
            }
        }
    }

    /** Reads one segment through; empty if a sweep has removed it meanwhile. */
    Optional<SegmentScan.Result> read(KnownSegment segment, long from, Consumer<RecordView> each) {
        Path path = segment.identity().name().file(folder);
        try (DiskFile file = disk.open(path)) {
            return Optional.of(
                    new SegmentScan(file, segment.identity(), segment.end())
                            .run(from, found -> each.accept(view(segment, found))));
        } catch (IOException failure) {
            if (!byId.containsKey(segment.identity().name().id())) {
                return Optional.empty();
            }
            throw away(failure);
        }
    }

    private static RecordView view(KnownSegment segment, SegmentScan.Found found) {
        return new RecordView(
                found.head().storedAt(segment.identity(), found.position()),
                Instant.ofEpochMilli(found.head().millis()),
                found.head().entries(),
                found.intact(),
                segment.dead().contains(found.position()));
    }

    /** Segments that nothing is appended to and that are old enough to be swept. */
    List<KnownSegment> sweepable() {
        return bySequence.values().stream()
                .filter(KnownSegment::closed)
                .filter(one ->
                        one.earlierLife()
                                || time.nanos() - one.closedNanos() >= limits.sweepAge().toNanos())
                .toList();
    }

    /** All segments. */
    List<KnownSegment> segments() {
        return List.copyOf(bySequence.values());
    }

    /** Removes a segment in which nothing lives. */
    void remove(KnownSegment segment) throws IOException {
        forget(segment.identity());
        marks.remove(segment.identity().name());
    }

    Disk disk() {
        return disk;
    }

    Path folder() {
        return folder;
    }

    Marks marks() {
        return marks;
    }

    /** Counts and tells of something broken: the alarm. */
    public void report(Finding finding) {
        switch (finding.severity()) {
            case NOTED -> LOG.atInfo().addKeyValue("class", dataClass.label()).log(finding.text());
            case BROKEN -> {
                tally.broken();
                LOG.atError().addKeyValue("class", dataClass.label()).log(finding.text());
            }
        }
    }

    /** The volume doesn't answer. */
    public Unavailable away(IOException failure) {
        return new Unavailable(
                Problem.temporary(
                        "The mail store can't be read at the moment; try again later.",
                        "volume " + dataClass.label() + ": " + failure),
                failure);
    }

    // From here on: the writer's thread.

    SegmentIdentity nextIdentity() {
        sequence++;
        return new SegmentIdentity(
                installation, dataClass, new SegmentName(sequence, randomness.uuid()));
    }

    void add(SegmentIdentity identity) {
        KnownSegment made = new KnownSegment(identity, false);
        bySequence.put(identity.name().sequence(), made);
        byId.put(identity.name().id(), made);
    }

    void reached(SegmentIdentity identity, long durable) {
        known(identity).ifPresent(one -> one.reached(durable, durable));
    }

    /** Nothing is appended any more; says so beside it, so that the next start needn't read it. */
    void ended(SegmentIdentity identity, long durable) {
        known(identity).ifPresent(one -> one.closed(time.nanos()));
        try {
            marks.writeEnd(identity.name(), new Marks.End(durable, durable));
        } catch (IOException failure) {
            LOG.atWarn()
                    .addKeyValue("class", dataClass.label())
                    .addKeyValue("segment", identity.name())
                    .log("the end of a segment can't be marked: the next start reads it through");
        }
    }

    void forget(SegmentIdentity identity) {
        bySequence.remove(identity.name().sequence());
        byId.remove(identity.name().id());
    }

    private Optional<KnownSegment> known(SegmentIdentity identity) {
        return Optional.ofNullable(byId.get(identity.name().id()));
    }
}
