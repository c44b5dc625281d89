package io.mailkeep.tickets;

import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wall time that never goes back: a ticket that has expired once stays expired, whatever is done to
 * the machine's clock ({@code ATK-82}).
 *
 * <p>It follows the wall clock forwards and carries on by monotone time when the wall clock is set
 * back. Whoever signs tickets must stamp them with the same clock that checks them, or new tickets
 * would look expired after the wall clock was set back: give this object to {@code keys} as its
 * {@link Time}.
 */
public final class TicketClock implements Time {
    private static final Logger log = LoggerFactory.getLogger(TicketClock.class);
    private static final Duration SET_BACK = Duration.ofSeconds(5);

    private final Time time;
    private final AtomicReference<Anchor> anchor;
    private final AtomicBoolean setBack = new AtomicBoolean();

    private record Anchor(Instant wall, long nanos) {
        Instant at(long now) {
            return wall.plusNanos(now - nanos);
        }
    }

    /** Guards this clock from now on. */
    public TicketClock(Time time) {
        this.time = time;
        this.anchor = new AtomicReference<>(new Anchor(time.instant(), time.nanos()));
    }

    /** The clock itself if it is guarded, else guarded by a new one. */
    public static TicketClock guarding(Time time) {
        return time instanceof TicketClock guarded ? guarded : new TicketClock(time);
    }

    /** The clock that is guarded: for whoever is to notice that it was set. */
    public Time guarded() {
        return time;
    }

    @Override
    public Instant instant() {
        long nanos = time.nanos();
        Instant wall = time.instant();
        while (true) {
            Anchor last = Objects.requireNonNull(anchor.get());
            Instant least = last.at(nanos);
            if (!wall.isAfter(least)) {
                alarm(wall, least);
                return least;
            }
            if (anchor.compareAndSet(last, new Anchor(wall, nanos))) {
                setBack.set(false);
                return wall;
            }
        }
    }

    /** Whether the wall clock stands more than 5 s behind where it already was. */
    public boolean setBack() {
        return setBack.get();
    }

    private void alarm(Instant wall, Instant least) {
        boolean behind = Duration.between(wall, least).compareTo(SET_BACK) > 0;
        if (behind && setBack.compareAndSet(false, true)) {
            log.atError()
                    .addKeyValue("behind_s", Duration.between(wall, least).toSeconds())
                    .log("The machine's clock was set back; tickets go on by monotone time.");
        } else if (!behind) {
            setBack.set(false);
        }
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        time.sleep(duration);
    }
}
