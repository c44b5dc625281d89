package io.mailkeep.testing.sim;

import io.mailkeep.kernel.Time;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What another thread brings about: a test waits for it, and fails instead of hanging. */
public final class Soon {
    private static final int SECONDS = 30;

    private Soon() {}

    /** Comes back as soon as this is so. */
    public static void until(BooleanSupplier so) throws InterruptedException {
        Time time = Time.system();
        long begun = time.nanos();
        while (!so.getAsBoolean()) {
            if (time.nanos() - begun > TimeUnit.SECONDS.toNanos(SECONDS)) {
                throw new AssertionError("not so within " + SECONDS + " seconds");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
