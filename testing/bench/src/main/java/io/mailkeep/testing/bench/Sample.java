package io.mailkeep.testing.bench;

import java.util.Arrays;

/** Times of the same thing, in order. */
final class Sample {
    private final double[] sorted;

    private Sample(double[] sorted) {
        this.sorted = sorted;
    }

    /** A copy of these. */
    static Sample of(long[] values) {
        return of(Arrays.stream(values).asDoubleStream().toArray());
    }

    /** A copy of these; at least one. */
    static Sample of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("a sample of nothing");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Sample(sorted);
    }

    /** The one in the middle, or between the two that are. */
    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The least that isn't exceeded by this share (nearest rank).
     *
     * @param percent 1 to 100
     */
    double percentile(int percent) {
        return sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
    }

    double least() {
        return sorted[0];
    }

    double most() {
        return sorted[sorted.length - 1];
    }
}
