package io.mailkeep.tickets;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Ten forged tickets within a minute are an alert, one a minute at most however many come: modules
 * of ours don't make them ({@code ATK-81}).
 */
@Claim({"DAT-3", "ATK-81"})
final class Forgeries {
    static final int MANY = 10;
    static final Duration SPAN = Duration.ofMinutes(1);

    private final Time time;
    private final long[] last = new long[MANY];
    private long count;
    private long told;
    private long toldAt;

    Forgeries(Time time) {
        this.time = time;
    }

    /** One more: how many came since the last alert, if there is to be one now. */
    synchronized OptionalLong came() {
        long now = time.nanos();
        last[(int) (count % MANY)] = now;
        count++;
        long tenthLast = last[(int) (count % MANY)];
        boolean many = count >= MANY && now - tenthLast < SPAN.toNanos();
        boolean toldLately = told > 0 && now - toldAt < SPAN.toNanos();
        if (!many || toldLately) {
            return OptionalLong.empty();
        }
        long since = count - told;
        told = count;
        toldAt = now;
        return OptionalLong.of(since);
    }
}
