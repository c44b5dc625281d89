package io.mailkeep.testing.sim;

import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's time, ahead by as much as a test has let pass; whoever sleeps really sleeps. */
public final class ShiftedTime implements Time {
    private final Time real = Time.system();
    private final AtomicLong ahead = new AtomicLong();

    /** Lets time pass. */
    public void advance(Duration duration) {
        ahead.addAndGet(duration.toNanos());
    }

    @Override
    public Instant instant() {
        return real.instant().plusNanos(ahead.get());
    }

    @Override
    public long nanos() {
        return real.nanos() + ahead.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        real.sleep(duration);
    }
}
