package io.mailkeep.keys.internal;

import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.KeysState;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/**
 * The keys in memory: there while unsealed, overwritten when sealed. Nothing is wiped while it is
 * in use: work with keys happens within {@link #use}, and sealing waits for it.
 */
public final class Ring {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final NodeKeys nodes;
    private final OpenLeaves leaves = new OpenLeaves();
    private final AtomicLong generation = new AtomicLong();
    private final TreeMap<Long, Epoch> epochs = new TreeMap<>();
    private volatile KeysState state =
            new KeysState.Sealed("The keys haven't been unsealed yet.", "mailkeep keys unseal");

    Ring(Wraps wraps) {
        nodes = new NodeKeys(wraps, this::epochs);
    }

    /** Leaf keys that are used again and again. */
    OpenLeaves leaves() {
        return leaves;
    }

    /** Grows whenever keys that somebody may remember were replaced. */
    long generation() {
        return generation.get();
    }

    /** Keys were replaced: nobody goes on with remembered ones. */
    void replaced() {
        generation.incrementAndGet();
        leaves.forget();
    }

    /** The node keys opened with these epochs. */
    NodeKeys nodes() {
        return nodes;
    }

    /** Whether anything can be opened. */
    public KeysState state() {
        return state;
    }

    /** Works with keys; {@link Unavailable} while sealed. */
    public <T> T use(Supplier<T> work) {
        lock.readLock().lock();
        try {
            switch (state) {
                case KeysState.Unsealed() -> {}
                case KeysState.Sealed(String reason, String advice) ->
                        throw new Unavailable(
                                Problem.temporary(
                                        "The keys of this server are sealed; its operator has to"
                                                + " unseal them. Please try again later.",
                                        reason + " " + advice));
            }
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The epochs at hand, the newest first. */
    List<Epoch> epochs() {
        synchronized (epochs) {
            return List.copyOf(epochs.descendingMap().values());
        }
    }

    /** One more epoch. */
    void add(Epoch epoch) {
        synchronized (epochs) {
            epochs.put(epoch.number(), epoch);
        }
    }

    /** Forgets epochs that were erased, and every key that was opened so far. */
    void retain(LongPredicate kept) {
        synchronized (epochs) {
            epochs.keySet().removeIf(number -> !kept.test(number));
        }
        nodes.forget();
        replaced();
    }

    /** From now on these keys can be used. */
    void unseal(Collection<Epoch> found) {
        lock.writeLock().lock();
        try {
            wipe();
            found.forEach(this::add);
            state = new KeysState.Unsealed();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Overwrites all keys; waits for work that uses them. */
    public void seal(String reason, String advice) {
        lock.writeLock().lock();
        try {
            wipe();
            state = new KeysState.Sealed(reason, advice);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void wipe() {
        synchronized (epochs) {
            for (Epoch epoch : epochs.values()) {
                Arrays.fill(epoch.root(), (byte) 0);
                Arrays.fill(epoch.key(), (byte) 0);
            }
            epochs.clear();
        }
        nodes.wipe();
        replaced();
    }
}
