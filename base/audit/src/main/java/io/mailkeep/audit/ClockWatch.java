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
 * later entries go back then, and the log says so itself. So it does when the clock leaps ahead
 * within a run, or the machine slept ({@code FLT-29}). Used by one thread.
 */
final class ClockWatch {
    private static final Duration APART = Duration.ofSeconds(5);

    private final Time time;
    private Instant wall;
    private long nanos;

    ClockWatch(Time time, Optional<Instant> newest) {
        this.time = time;
        this.nanos = time.nanos();
        Instant now = time.instant();
        this.wall = newest.filter(now::isBefore).orElse(now);
    }

    /** What is to be told, once for each time that it was set. */
    Optional<Event> look() {
        long nanosNow = time.nanos();
        Instant now = time.instant();
        Instant least = wall.plusNanos(nanosNow - nanos);
        Duration behind = Duration.between(now, least);
        boolean apart = behind.abs().compareTo(APART) > 0;
        if (behind.isPositive() && !apart) {
            return Optional.empty();
        }
        wall = now;
        nanos = nanosNow;
        if (!apart) {
            return Optional.empty();
        }
        return Optional.of(
                behind.isPositive()
                        ? told(EventType.CLOCK_SET_BACK, "behind_s", behind, least)
                        : told(EventType.CLOCK_SET_AHEAD, "ahead_s", behind.negated(), least));
    }

    private static Event told(EventType type, String name, Duration apart, Instant was) {
        return new Event(
                type,
                Event.INSTALLATION,
                "module:audit",
                Event.Decision.FAILED,
                "clock",
                Map.of(
                        name,
                        Long.toString(apart.toSeconds()),
                        "was",
                        was.truncatedTo(ChronoUnit.MILLIS).toString()),
                List.of());
    }
}
