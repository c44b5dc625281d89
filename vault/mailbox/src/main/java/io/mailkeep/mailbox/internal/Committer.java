package io.mailkeep.mailbox.internal;

import io.mailkeep.database.DropboxCalls;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.MailboxLimits;
import io.mailkeep.segments.SegmentStore;
import io.mailkeep.segments.StoredBlob;
import io.mailkeep.segments.Writing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes messages durable in groups: bodies appended and synced together, then one database call for
 * all rows (DESIGN.md 3 and 4). In that order: PostgreSQL must not commit before the bytes are
 * durable.
 *
 * <p>One thread, so that whatever arrives during one sync and commit is the next group. Every job
 * is settled: a group that fails is tried again message by message, under its delivery ids, so that
 * one bad message stops no other; an {@link Error} settles the group as unavailable, goes to the
 * thread's uncaught handler, and another thread takes over.
 */
public final class Committer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** After which pauses a message whose group failed is tried again. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ZERO, Duration.ofMillis(200), Duration.ofMillis(800));

    /**
     * A commit with an unknown outcome is asked for longer, since a refusal would be a lie if it
     * happened: as long as PostgreSQL may take to be back.
     */
    private static final Duration ASKED_FOR = Duration.ofMinutes(1);

    private static final Duration ASKED_EVERY = Duration.ofSeconds(2);

    private final SegmentStore segments;
    private final DropboxCalls calls;
    private final ChangeFeed feed;
    private final MailboxLimits limits;
    private final Time time;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Job> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean closed;
    private Thread thread;

    private final AtomicLong groups = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong transactions = new AtomicLong();
    private int lastGroup;

    public Committer(Parts parts) {
        this.segments = parts.backing().segments();
        this.calls = parts.backing().group();
        this.feed = parts.feed();
        this.limits = parts.limits();
        this.time = parts.time();
        this.thread = start();
    }

    /** Groups made so far. */
    public long groups() {
        return groups.get();
    }

    /** Messages that were in them. */
    public long messages() {
        return messages.get();
    }

    /** Database calls made for them. */
    public long transactions() {
        return transactions.get();
    }

    /** Messages that wait for their group. */
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Makes one message durable; {@link Unavailable} if that can't be done now. */
    List<DropboxCalls.Result> commit(Job job) {
        lock.lock();
        try {
            if (closed) {
                throw unavailable("The server is stopping; try again later.", "dropbox closed");
            }
            if (queue.size() >= limits.queueMessages()
                    || (!queue.isEmpty() && queuedBytes + job.bytes() > limits.queueBytes())) {
                throw unavailable(
                        "Too much mail is arriving at this moment; try again later.",
                        "delivery queue full");
            }
            queue.add(job);
            queuedBytes += job.bytes();
            arrived.signal();
        } finally {
            lock.unlock();
        }
        return job.await();
    }

    /** Takes no more, finishes what waits. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (running().isAlive()) {
            try {
                running().join();
            } catch (InterruptedException told) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread running() {
        lock.lock();
        try {
            return thread;
        } finally {
            lock.unlock();
        }
    }

    private Thread start() {
        return Thread.ofPlatform().daemon().name("mailbox-committer").start(this::run);
    }

    private void run() {
        boolean finished = false;
        try {
            while (true) {
                List<Job> group = next();
                if (group.isEmpty()) {
                    finished = true;
                    return;
                }
                settled(group);
            }
        } finally {
            if (!finished) {
                lock.lock();
                try {
                    thread = start();
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /** The next group; empty when closed and nothing waits. */
    private List<Job> next() {
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (closed) {
                    return List.of();
                }
                arrived.awaitUninterruptibly();
            }
            if (lastGroup > 1) {
                waitForCompany();
            }
            List<Job> group = new ArrayList<>();
            long bytes = 0;
            while (!queue.isEmpty()
                    && group.size() < limits.groupMessages()
                    && (group.isEmpty() || bytes + queue.peek().bytes() <= limits.groupBytes())) {
                Job job = queue.remove();
                group.add(job);
                bytes += job.bytes();
            }
            queuedBytes -= bytes;
            lastGroup = group.size();
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void waitForCompany() {
        long left = limits.company().toNanos();
        while (left > 0 && !closed && queue.size() < lastGroup) {
            try {
                left = arrived.awaitNanos(left);
            } catch (InterruptedException nobodyShould) {
                return;
            }
        }
    }

    private void settled(List<Job> group) {
        try {
            groups.incrementAndGet();
            messages.addAndGet(group.size());
            together(group);
        } finally {
            for (Job job : group) {
                if (job.open()) {
                    job.settle(
                            unavailable(
                                    "The message couldn't be stored; try again later.",
                                    "the committer failed with an error"));
                }
            }
        }
    }

    private void together(List<Job> group) {
        try {
            append(group);
            settle(group, call(group));
        } catch (RuntimeException failure) {
            if (group.size() == 1 && group.getFirst().stored().isEmpty()) {
                group.getFirst().settle(away(failure));
            } else {
                alone(group, failure);
            }
        }
    }

    /**
     * Message by message; by its delivery id none is stored twice. The database that is away for
     * one is away for all that follow, and a volume that failed twice running for its whole class:
     * they aren't made to wait for it one after another.
     */
    private void alone(List<Job> group, RuntimeException why) {
        LOG.atWarn()
                .addKeyValue("messages", group.size())
                .setCause(why)
                .log("a delivery group failed; its messages are tried one by one");
        Map<DataClass, Integer> failing = new EnumMap<>(DataClass.class);
        Optional<Unavailable> database = Optional.empty();
        for (Job job : group) {
            if (database.isPresent()) {
                job.settle(database.get());
            } else if (appended(job, failing)) {
                database = committed(job, inDoubt(why));
            }
        }
    }

    private boolean appended(Job job, Map<DataClass, Integer> failing) {
        if (!job.stored().isEmpty()) {
            return true;
        }
        List<DataClass> classes = job.bodies().stream().map(Writing::dataClass).toList();
        if (classes.stream().anyMatch(one -> failing.getOrDefault(one, 0) > 1)) {
            job.settle(
                    unavailable(
                            "The mail store can't take the message now; try again later.",
                            "volume failed for the messages before this one"));
            return false;
        }
        try {
            append(List.of(job));
            classes.forEach(failing::remove);
            return true;
        } catch (RuntimeException failure) {
            classes.forEach(one -> failing.merge(one, 1, Integer::sum));
            job.settle(away(failure));
            return false;
        }
    }

    /** Stores what is appended; answers why the database is away, if so. */
    private Optional<Unavailable> committed(Job job, boolean inDoubt) {
        try {
            settle(List.of(job), patient(job, inDoubt));
            return Optional.empty();
        } catch (Unavailable failure) {
            job.settle(failure);
            return Optional.of(failure);
        } catch (RuntimeException failure) {
            job.settle(away(failure));
            return Optional.empty();
        }
    }

    private static Unavailable away(RuntimeException failure) {
        if (failure instanceof Unavailable already) {
            return already;
        }
        LOG.atError().setCause(failure).log("a message couldn't be stored");
        return new Unavailable(
                Problem.temporary(
                        "The message couldn't be stored; try again later.",
                        "delivery failed: " + failure.getClass().getSimpleName()),
                failure);
    }

    private static boolean inDoubt(RuntimeException failure) {
        return failure instanceof Unavailable away && away.problem().isUncertain();
    }

    /**
     * Asks until it is answered or its time is over. By its delivery id a message that was stored
     * already is answered for, so while a commit is in doubt asking again is finding out.
     */
    private List<DropboxCalls.Result> patient(Job job, boolean inDoubt) {
        Unavailable last =
                unavailable("The server is stopping; try again later.", "committer interrupted");
        boolean asking = inDoubt;
        long begun = time.nanos();
        for (int tries = 0; tries < PAUSES.size() || asking(asking, begun); tries++) {
            try {
                time.sleep(tries < PAUSES.size() ? PAUSES.get(tries) : ASKED_EVERY);
                return call(List.of(job));
            } catch (Unavailable failure) {
                last = failure;
                asking |= inDoubt(failure);
            } catch (InterruptedException nobodyShould) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw asking && !inDoubt(last) ? new Unavailable(last.problem().uncertain(), last) : last;
    }

    private boolean asking(boolean inDoubt, long begun) {
        return inDoubt && time.nanos() - begun < ASKED_FOR.toNanos();
    }

    private void append(List<Job> group) {
        List<Writing> writings = new ArrayList<>();
        group.forEach(job -> writings.addAll(job.bodies()));
        List<StoredBlob> stored = segments.append(writings);
        if (stored.size() != writings.size()) {
            throw new IllegalStateException(
                    stored.size() + " places for " + writings.size() + " bodies");
        }
        int at = 0;
        for (Job job : group) {
            job.stored(stored.subList(at, at + job.bodies().size()));
            at += job.bodies().size();
        }
    }

    private List<DropboxCalls.Result> call(List<Job> group) {
        List<DropboxCalls.Body> bodies = new ArrayList<>();
        List<DropboxCalls.Copy> copies = new ArrayList<>();
        for (Job job : group) {
            for (StoredBlob one : job.stored()) {
                bodies.add(
                        new DropboxCalls.Body(
                                one.tenant(),
                                one.blob(),
                                one.dataClass(),
                                one.segment(),
                                one.position(),
                                one.stored(),
                                one.size()));
            }
            copies.addAll(job.copies());
        }
        transactions.incrementAndGet();
        return calls.deliver(new DropboxCalls.Group(bodies, copies));
    }

    private void settle(List<Job> group, List<DropboxCalls.Result> results) {
        int at = 0;
        for (Job job : group) {
            List<DropboxCalls.Result> own = results.subList(at, at + job.copies().size());
            at += own.size();
            job.settle(own);
            for (int i = 0; i < own.size(); i++) {
                if (own.get(i) instanceof DropboxCalls.Result.Delivered(DropboxCalls.Place place)) {
                    DropboxCalls.Copy copy = job.copies().get(i);
                    feed.changed(copy.tenant(), copy.mailbox(), place.folder());
                }
            }
        }
    }

    private static Unavailable unavailable(String text, String detail) {
        return new Unavailable(Problem.temporary(text, detail));
    }
}
