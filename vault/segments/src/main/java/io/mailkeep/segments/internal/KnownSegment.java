package io.mailkeep.segments.internal;

import java.util.Set;

/** One segment of a volume as the running store knows it. */
final class KnownSegment {
    private final SegmentIdentity identity;
    private final boolean earlierLife;
    private volatile long end;
    private volatile long durable;
    private volatile boolean closed;
    private volatile long closedNanos;
    private volatile Set<Long> dead = Set.of();

    /**
     * @param earlierLife whether it was written before this store was opened
     */
    KnownSegment(SegmentIdentity identity, boolean earlierLife) {
        this.identity = identity;
        this.earlierLife = earlierLife;
    }

    SegmentIdentity identity() {
        return identity;
    }

    boolean earlierLife() {
        return earlierLife;
    }

    /** Bytes that count; what lies behind isn't acknowledged. */
    long end() {
        return end;
    }

    /** Bytes before which damage can't be a torn write. */
    long durable() {
        return durable;
    }

    void reached(long newEnd, long newDurable) {
        durable = newDurable;
        end = newEnd;
    }

    /** Whether nothing is appended to it any more. */
    boolean closed() {
        return closed;
    }

    long closedNanos() {
        return closedNanos;
    }

    void closed(long nanos) {
        closedNanos = nanos;
        closed = true;
    }

    /** Positions of records that no row refers to. */
    Set<Long> dead() {
        return dead;
    }

    void dead(Set<Long> positions) {
        dead = Set.copyOf(positions);
    }
}
