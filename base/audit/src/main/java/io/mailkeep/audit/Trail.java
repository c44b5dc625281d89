package io.mailkeep.audit;

import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Where every room tells what it decided. <em>Durable</em> = committed in the outbox;
 * <em>published</em> = in the Merkle log on the devices, under a signed checkpoint.
 *
 * <p>Personal fields leave {@link #prepare} sealed under their subject's key, or not at all while
 * the keys are sealed.
 */
public final class Trail {
    private final Outbox outbox;
    private final EventJson json;
    private final Time time;
    private final Randomness randomness;
    private final Map<UUID, CountDownLatch> waiting = new ConcurrentHashMap<>();
    private final Folding folding;
    private final Deque<Event> unwritten = new ConcurrentLinkedDeque<>();
    private volatile Optional<Publisher> publisher = Optional.empty();

    /** What the trail needs of an open log. */
    record Publisher(
            java.util.function.Supplier<Optional<String>> outOfOrder,
            Runnable hurry,
            Duration patience) {}

    public Trail(Outbox outbox, SubjectCipher subjects, Time time, Randomness randomness) {
        this.outbox = outbox;
        this.json = new EventJson(subjects);
        this.time = time;
        this.randomness = randomness;
        this.folding = new Folding(time);
    }

    /** Seals an event into an entry that the caller stores in the transaction of what it tells. */
    public Entry prepare(Event event) {
        UUID id = randomness.uuid();
        Instant at = time.instant().truncatedTo(ChronoUnit.MICROS);
        return new Entry(id, at, json.bytes(id, at, event));
    }

    /**
     * Stores an event in a transaction of its own; durable on return. Of a flood of equal refusals
     * the first are stored, the rest counted: their number is stored within seconds ({@code
     * ATK-115}).
     */
    public void record(Event event) {
        if (folding.counts(event)) {
            return;
        }
        try {
            outbox.append(List.of(prepare(event)));
        } catch (RuntimeException notStored) {
            folding.notStored(event);
            throw notStored;
        }
    }

    /** How many refusals of floods are counted and not stored yet. */
    public long counted() {
        return folding.waiting();
    }

    /** Stores the counts of floods whose time has come, or of all. */
    void storeCounts(boolean all) {
        unwritten.addAll(folding.due(all));
        for (Event count = unwritten.peek(); count != null; count = unwritten.peek()) {
            outbox.append(List.of(prepare(count)));
            unwritten.remove(count);
        }
    }

    /**
     * Stores an event and waits until it is published: for staff and key actions (no audit, no
     * action).
     *
     * @throws Unavailable when it isn't published within 5 s; at once, and without storing it, when
     *     no device would take it
     */
    public void recordPublished(Event event) {
        Publisher log = publisher.orElseThrow(() -> away("The audit log isn't open."));
        Optional<String> outOfOrder = log.outOfOrder().get();
        if (outOfOrder.isPresent()) {
            throw away(outOfOrder.get());
        }
        Entry entry = prepare(event);
        CountDownLatch published = new CountDownLatch(1);
        waiting.put(entry.id(), published);
        try {
            outbox.append(List.of(entry));
            log.hurry().run();
            if (!published.await(log.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw away(
                        "The audit log didn't publish within "
                                + log.patience().toSeconds()
                                + " s.");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw away("Stopped while waiting for the audit log.");
        } finally {
            waiting.remove(entry.id());
        }
    }

    /** Joins an open log to this trail, or parts them. */
    void publisher(Optional<Publisher> log) {
        publisher = log;
    }

    /** Wakes whoever waits for this entry. */
    void published(UUID id) {
        CountDownLatch waiter = waiting.get(id);
        if (waiter != null) {
            waiter.countDown();
        }
    }

    private static Unavailable away(String detail) {
        return new Unavailable(
                Problem.temporary(
                        "Not done: it could not be put on the audit log. See `mailkeep audit`.",
                        detail));
    }
}
