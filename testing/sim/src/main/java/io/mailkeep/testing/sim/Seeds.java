package io.mailkeep.testing.sim;

import io.mailkeep.kernel.Randomness;
import java.lang.StackWalker.StackFrame;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Runs a test body for many seeds; a failure names the seed and the command that shows it again.
 *
 * <p>{@code -Dseeds.times=N} runs N times as many seeds, {@code -Dseed=N} that one alone.
 */
public final class Seeds {
    private Seeds() {}

    /** Runs the body for seeds 1 to {@code count}, or as the system properties say. */
    public static void run(int count, Body body) {
        Long one = Long.getLong("seed");
        String command = command();
        if (one != null) {
            once(one, body, command);
            return;
        }
        long seeds = count * Long.getLong("seeds.times", 1);
        for (long seed = 1; seed <= seeds; seed++) {
            once(seed, body, command);
        }
    }

    /** Randomness that a seed replays. */
    public static Randomness randomness(long seed) {
        return Randomness.of(new SplittableRandom(seed));
    }

    private static void once(long seed, Body body, String command) {
        try {
            body.run(seed, randomness(seed));
        } catch (Throwable failure) {
            throw new AssertionError(
                    "seed " + seed + " failed; again with: " + command + seed, failure);
        }
    }

    /** What runs the calling test alone, in whose room's folder tests run; the seed is missing. */
    private static String command() {
        StackFrame test =
                StackWalker.getInstance()
                        .walk(frames ->
                                frames.filter(one ->
                                                !one.getClassName().equals(Seeds.class.getName()))
                                        .findFirst())
                        .orElseThrow();
        String name = test.getClassName().substring(test.getClassName().lastIndexOf('.') + 1);
        Path here = Path.of("").toAbsolutePath();
        int depth = here.getNameCount();
        String room = depth < 2 ? "." : here.subpath(depth - 2, depth).toString();
        return "./mvnw -B -am -pl "
                + room
                + " verify -Dsurefire.failIfNoSpecifiedTests=false -Dtest="
                + name
                + "#"
                + test.getMethodName()
                + " -Dseed=";
    }

    /** What is run for each seed. */
    @FunctionalInterface
    public interface Body {
        /** Runs with randomness from this seed. */
        void run(long seed, Randomness randomness) throws Exception;
    }
}
