package io.mailkeep.identity.internal;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whom it was said today that their account is guessed at: once a day each, so that guessing fills
 * no mailbox ({@code ATK-65}).
 *
 * <p>In memory and bounded: after a start, or behind so many other names, somebody may be told
 * again within the day.
 */
@Claim({"ACC-1", "ATK-65"})
public final class OwnersTold {
    static final Duration SPAN = Duration.ofDays(1);

    private final Time time;
    private final Map<String, Long> told;

    /**
     * @param most names remembered
     */
    public OwnersTold(int most, Time time) {
        this.time = time;
        this.told =
                new LinkedHashMap<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                        return size() > most;
                    }
                };
    }

    /** Whether this name's owner is to be told now; they count as told then. */
    public synchronized boolean due(String name) {
        long now = time.nanos();
        Long before = told.get(name);
        if (before != null && now - before < SPAN.toNanos()) {
            return false;
        }
        told.remove(name);
        told.put(name, now);
        return true;
    }
}
