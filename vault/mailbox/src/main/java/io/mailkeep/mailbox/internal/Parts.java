package io.mailkeep.mailbox.internal;

import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Backing;
import io.mailkeep.mailbox.MailboxLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** What every class of this room works with. */
public record Parts(
        Backing backing, ChangeFeed feed, MailboxLimits limits, Time time, Randomness randomness) {
    /** Now, in the database's precision, so that what is written reads back equal. */
    public OffsetDateTime now() {
        return database(time.instant());
    }

    /** An instant as the database stores it. */
    public static OffsetDateTime database(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    /**
     * Waits before work is begun again because somebody changed what it rests on: not at all before
     * the first attempt, then 5 ms, and twice as long each time.
     */
    public void pause(int attempt) {
        if (attempt == 0) {
            return;
        }
        try {
            time.sleep(Duration.ofMillis(5L << Math.min(attempt - 1, 8)));
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            throw contended("interrupted work");
        }
    }

    /** Others changed the same things again and again. */
    public static Unavailable contended(String what) {
        return new Unavailable(
                Problem.temporary(
                        "The mailbox is being changed by others at this moment; try again.",
                        what + " gave up: changed by others on every attempt"));
    }
}
