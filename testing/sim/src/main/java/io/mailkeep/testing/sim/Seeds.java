package io.mailkeep.testing.sim;

import io.mailkeep.kernel.Randomness;
import java.util.SplittableRandom;

/**
 * Runs a test body for many seeds; a failure names the seed that repeats it ({@code -Dseed=N} runs
 * that one alone, {@code -Dseeds=N} another number of them).
 */
public final class Seeds {
    private Seeds() {}

    /** Runs the body for seeds 1 to {@code count}, or as the system properties say. */
    public static void run(int count, Body body) {
        Long one = Long.getLong("seed");
        if (one != null) {
            once(one, body);
            return;
        }
        long seeds = Long.getLong("seeds", count);
        for (long seed = 1; seed <= seeds; seed++) {
            once(seed, body);
        }
    }

    /** Randomness that a seed replays. */
    public static Randomness randomness(long seed) {
        return Randomness.of(new SplittableRandom(seed));
    }

    private static void once(long seed, Body body) {
        try {
            body.run(seed, randomness(seed));
        } catch (Throwable failure) {
            throw new AssertionError(
                    "seed " + seed + " (repeat with -Dseed=" + seed + ")", failure);
        }
    }

    /** What is run for each seed. */
    @FunctionalInterface
    public interface Body {
        /** Runs with randomness from this seed. */
        void run(long seed, Randomness randomness) throws Exception;
    }
}
