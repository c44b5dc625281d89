package io.mailkeep.audit;

import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Notices that the machine's clock stands more than five seconds behind where it already was, by
 * monotone time within a run and by the newest entry across a start ({@code ATK-82}): the times of
 * later entries go back then, and the log says so itself. Used by one thread.
 */
final class ClockWatch {
    private static final Duration SET_BACK = Duration.ofSeconds(5);

    private final Time time;
    private Instant wall;
    private long nanos;

    ClockWatch(Time time, Optional<Instant> newest) {
        this.time = time;
        this.nanos = time.nanos();
        Instant now = time.instant();
        this.wall = newest.filter(now::isBefore).orElse(now);
    }

    /** What is to be told, once for each time that it was set back. */
    Optional<Event> look() {
        long nanosNow = time.nanos();
        Instant now = time.instant();
        Instant least = wall.plusNanos(nanosNow - nanos);
        Duration behind = Duration.between(now, least);
        if (!behind.isPositive()) {
            wall = now;
            nanos = nanosNow;
            return Optional.empty();
        }
        if (behind.compareTo(SET_BACK) <= 0) {
            return Optional.empty();
        }
        wall = now;
        nanos = nanosNow;
        return Optional.of(
                new Event(
                        EventType.CLOCK_SET_BACK,
                        Event.INSTALLATION,
                        "module:audit",
                        Event.Decision.FAILED,
                        "clock",
                        Map.of(
                                "behind_s",
                                Long.toString(behind.toSeconds()),
                                "was",
                                least.truncatedTo(ChronoUnit.MILLIS).toString()),
                        List.of()));
    }
}
