package io.mailkeep.kernel;

import java.time.Duration;
import java.time.Instant;

/** The machine's clocks; the one place that may read them. */
enum SystemTime implements Time {
    INSTANCE;

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }
}
