package io.mailkeep.tickets;

import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revocation epochs, kept in memory and refreshed from the store several times a second: a
 * revocation is seen within 1 s on every node, and at once on the node that made it ({@code
 * ATK-86}).
 *
 * <p>Fails closed: when the last look into the store is older than a second, the asker looks
 * itself, and gets {@link Unavailable} if the store doesn't answer. What was known is never
 * forgotten, and an epoch never falls.
 */
public final class Epochs implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Epochs.class);
    private static final Duration EVERY = Duration.ofMillis(250);
    // The look that counts began before the answer came: 800 ms leave room for that and one use.
    private static final long STALE_NANOS = Duration.ofMillis(800).toNanos();
    // Change numbers are drawn before their commit: a lower one may appear after a higher one.
    private static final long LATE_COMMIT_NANOS = Duration.ofSeconds(30).toNanos();

    private final EpochStore store;
    private final Time time;
    private final Map<UUID, Long> known = new ConcurrentHashMap<>();
    private final ReentrantLock looking = new ReentrantLock();
    private final Deque<Seen> seen = new ArrayDeque<>();
    private final Thread poller;
    private volatile long lookedAt;
    private volatile boolean open = true;

    private record Seen(long number, long nanos) {}

    /** Reads all epochs once; {@link Unavailable} if the store doesn't answer. */
    public Epochs(EpochStore store, Time time) {
        this.store = store;
        this.time = time;
        seen.add(new Seen(0, time.nanos()));
        look();
        this.poller = Thread.ofVirtual().name("ticket-epochs").start(this::poll);
    }

    /** The subject's epoch. Costs a look into a map. */
    public long current(UUID subject) {
        if (time.nanos() - lookedAt > STALE_NANOS) {
            lookIfStale();
        }
        return known.getOrDefault(subject, 0L);
    }

    /** Revokes every ticket of the subject issued so far; durable and in force here on return. */
    public long revoke(UUID subject) {
        long epoch = store.raise(subject);
        known.merge(subject, epoch, Math::max);
        return epoch;
    }

    @Override
    public void close() {
        open = false;
        poller.interrupt();
    }

    private void lookIfStale() {
        looking.lock();
        try {
            if (time.nanos() - lookedAt > STALE_NANOS) {
                look();
            }
        } finally {
            looking.unlock();
        }
    }

    private void look() {
        looking.lock();
        try {
            long began = time.nanos();
            // Start from what was the highest number long enough ago that nothing below it is open.
            while (seen.size() > 1 && began - second().nanos() > LATE_COMMIT_NANOS) {
                seen.removeFirst();
            }
            long highest = seen.getLast().number();
            for (EpochStore.Change change : store.since(seen.getFirst().number())) {
                known.merge(change.subject(), change.epoch(), Math::max);
                highest = Math.max(highest, change.number());
            }
            if (highest > seen.getLast().number()) {
                seen.addLast(new Seen(highest, began));
            }
            lookedAt = began;
        } finally {
            looking.unlock();
        }
    }

    private Seen second() {
        var all = seen.iterator();
        all.next();
        return all.next();
    }

    private void poll() {
        boolean failing = false;
        while (open) {
            try {
                time.sleep(EVERY);
                look();
                failing = false;
            } catch (InterruptedException stop) {
                return;
            } catch (RuntimeException away) {
                if (!failing && open) {
                    log.atWarn()
                            .setCause(away)
                            .log("Revocation epochs can't be read; tickets wait for the store.");
                }
                failing = true;
            }
        }
    }
}
