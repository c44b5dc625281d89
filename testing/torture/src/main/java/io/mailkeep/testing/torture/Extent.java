package io.mailkeep.testing.torture;

import java.time.Duration;

/**
 * How long a row goes on.
 *
 * @param rounds 0 if as many as are usual
 * @param time zero if only rounds count
 */
record Extent(int rounds, Duration time) {
    /** As many rounds as are usual. */
    static final Extent USUAL = new Extent(0, Duration.ZERO);

    /** Whether there is to be another round after this many, and after this time. */
    boolean more(int round, int usual, Duration lasted) {
        if (!time.isZero()) {
            return lasted.compareTo(time) < 0;
        }
        return round < (rounds > 0 ? rounds : usual);
    }
}
