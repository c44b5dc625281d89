package io.mailkeep.testing.sim;

import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.time.Instant;

/** Time that stands still until a test moves it; whoever sleeps moves it. */
public final class SimTime implements Time {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos = 1;

    /** Lets time pass. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }

    /** Sets the wall clock alone, as somebody with a wrong clock does. */
    public synchronized void setWall(Instant instant) {
        now = instant;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }
}
