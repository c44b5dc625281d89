package io.mailkeep.segments;

import java.time.Duration;

/**
 * The limits of the store.
 *
 * @param segmentBytes a segment that has grown to this gets no further record
 * @param refuseAbove part of the device in use, 0 to 1, above which nothing is appended
 * @param patience how long an append may take before its caller is told to try again
 * @param sweepAge how long ago the last append to a segment must be before its orphans are swept
 */
public record SegmentLimits(
        long segmentBytes, double refuseAbove, Duration patience, Duration sweepAge) {
    /** 256 MiB, 92 %, 60 s, 1 h. */
    public static SegmentLimits standard() {
        return new SegmentLimits(256L << 20, 0.92, Duration.ofSeconds(60), Duration.ofHours(1));
    }

    /** The same with another watermark. */
    public SegmentLimits withRefuseAbove(double part) {
        return new SegmentLimits(segmentBytes, part, patience, sweepAge);
    }

    /** The same with another length of segments. */
    public SegmentLimits withSegmentBytes(long bytes) {
        return new SegmentLimits(bytes, refuseAbove, patience, sweepAge);
    }

    /** The same with another patience. */
    public SegmentLimits withPatience(Duration duration) {
        return new SegmentLimits(segmentBytes, refuseAbove, duration, sweepAge);
    }

    /** The same with another age of swept segments. */
    public SegmentLimits withSweepAge(Duration duration) {
        return new SegmentLimits(segmentBytes, refuseAbove, patience, duration);
    }
}
