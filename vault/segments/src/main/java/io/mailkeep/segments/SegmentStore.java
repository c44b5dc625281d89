package io.mailkeep.segments;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.DataKey;
import io.mailkeep.tickets.Access;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The store of bodies. */
public final class SegmentStore implements AutoCloseable {
    private SegmentStore() {}

    /** Opens the volumes. */
    public static SegmentStore open(
            Volumes volumes, Time time, Randomness randomness, SegmentLimits limits) {
        throw new UnsupportedOperationException();
    }

    /** What was seen when the volumes were opened. */
    public List<Finding> opening() {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends bodies, in order; all are durable on return. Asks each volume that it touches for one
     * sync.
     *
     * @throws io.mailkeep.kernel.Unavailable if one of them couldn't be stored: none of them counts
     */
    public List<StoredBlob> append(List<Writing> writings) {
        throw new UnsupportedOperationException();
    }

    /** Why this class takes no mail at the moment, if so. */
    public Optional<Problem> refusing(DataClass dataClass) {
        throw new UnsupportedOperationException();
    }

    /** Opens a body. */
    public BlobReader read(Access access, StoredBlob blob, DataKey bodyKey) {
        throw new UnsupportedOperationException();
    }

    /** Hands every record of a class that was acknowledged to {@code each}, in order. */
    public void scan(
            Access access, DataClass dataClass, Optional<Place> from, Consumer<RecordView> each) {
        throw new UnsupportedOperationException();
    }

    /** Marks records dead that no row refers to. */
    public Swept sweep(Access access, DataClass dataClass, Rows rows) {
        throw new UnsupportedOperationException();
    }

    /** What is wrong with the record that a row refers to. */
    public Optional<Finding> check(Access access, StoredBlob blob) {
        throw new UnsupportedOperationException();
    }

    /** Recomputes the invariants. */
    public List<Finding> doctor(Access access) {
        throw new UnsupportedOperationException();
    }

    /** What a volume did since it was opened. */
    public Counters counters(DataClass dataClass) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /**
     * What a sweep did.
     *
     * @param records looked at
     * @param orphans newly marked dead
     * @param segments files removed, because all in them was dead
     */
    public record Swept(long records, long orphans, long segments) {}
}
