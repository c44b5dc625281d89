package io.mailkeep.testing.sim;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What another thread brings about: a test waits for it, and fails instead of hanging. */
public final class Soon {
    private static final int SECONDS = 30;

    private Soon() {}

    /** Comes back as soon as this is so. */
    public static void until(BooleanSupplier so) throws InterruptedException {
        long begun = System.nanoTime();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS)) {
                throw new AssertionError("not so within " + SECONDS + " seconds");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
