package io.mailkeep.audit;

import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.time.Instant;

/** A clock whose wall and monotone hands a test moves apart. */
final class HandClock implements Time {
    private final Time system = Time.system();
    volatile Duration wall = Duration.ZERO;
    volatile Duration mono = Duration.ZERO;

    void pass(Duration span) {
        wall = wall.plus(span);
        mono = mono.plus(span);
    }

    @Override
    public Instant instant() {
        return Logs.at(0).plus(wall);
    }

    @Override
    public long nanos() {
        return mono.toNanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        system.sleep(duration);
    }
}
