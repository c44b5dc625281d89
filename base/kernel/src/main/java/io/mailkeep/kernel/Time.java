package io.mailkeep.kernel;

import java.time.Duration;
import java.time.Instant;

/**
 * The only source of time in the house, so that a failure can be replayed.
 *
 * <p>{@link #instant()} is what people see and may jump; {@link #nanos()} never goes back and
 * carries every deadline.
 */
public interface Time {
    /** Wall time, for people and for dates in messages. */
    Instant instant();

    /** Monotone time in nanoseconds from an arbitrary origin, for deadlines. */
    long nanos();

    /**
     * Waits at least this long; throws {@link InterruptedException} when the thread is told to
     * stop.
     */
    void sleep(Duration duration) throws InterruptedException;

    /** The time of the machine. */
    static Time system() {
        return SystemTime.INSTANCE;
    }
}
