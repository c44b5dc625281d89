package io.mailkeep.identity.internal;

import io.mailkeep.identity.SignInLimits;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts failed sign-ins by name and by network address, in memory, bounded ({@code ATK-65}).
 *
 * <p>An attempt counts when it begins and is forgiven when it succeeds, so that ten thousand at
 * once are no way around. A name that doesn't exist counts as one that does. Where somebody signed
 * in before from the same address, that pair has a count of its own: guessing from elsewhere
 * doesn't lock its owner out.
 */
@Claim({"ATK-65", "ACC-1"})
public final class Throttle {
    private final SignInLimits limits;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Count> counts;
    private final Map<String, Boolean> trusted;

    private static final class Count {
        long windowStart;
        int failures;

        /** Attempts that were turned away in this window. */
        int turnedAway;
    }

    /** What becomes of an attempt. */
    public sealed interface Verdict {
        /** It may be tried; a failure is answered after the delay. */
        record Go(Duration delay) implements Verdict {}

        /**
         * It isn't tried.
         *
         * @param times how often within the window, for the audit log
         * @param name it is this name that was tried too often, not only somebody's address
         */
        record TurnedAway(int times, boolean name) implements Verdict {}
    }

    /** Limits may be another's in tests. */
    public Throttle(SignInLimits limits, Time time) {
        this.limits = limits;
        this.time = time;
        this.counts = bounded(limits.entries());
        this.trusted = bounded(limits.entries());
    }

    /** An attempt on this name from this network address begins. */
    public Verdict begin(String name, String remote) {
        lock.lock();
        try {
            Count account = count(accountKey(name, remote));
            Count address = count(addressKey(remote));
            if (account.failures >= limits.perAccount()
                    || address.failures >= limits.perAddress()) {
                boolean mine = account.failures >= limits.perAccount();
                Count why = mine ? account : address;
                return new Verdict.TurnedAway(++why.turnedAway, mine);
            }
            account.failures++;
            address.failures++;
            int over = Math.min(account.failures - limits.freePerAccount(), 16);
            Duration delay = over <= 0 ? Duration.ZERO : Duration.ofMillis(125L << over);
            return new Verdict.Go(
                    delay.compareTo(limits.delayMax()) > 0 ? limits.delayMax() : delay);
        } finally {
            lock.unlock();
        }
    }

    /** It succeeded. */
    public void succeeded(String name, String remote) {
        lock.lock();
        try {
            forgive(accountKey(name, remote));
            forgive(addressKey(remote));
            trusted.put(pairKey(name, remote), true);
        } finally {
            lock.unlock();
        }
    }

    /** It wasn't decided: our own fault, no guess. */
    public void undecided(String name, String remote) {
        lock.lock();
        try {
            forgive(accountKey(name, remote));
            forgive(addressKey(remote));
        } finally {
            lock.unlock();
        }
    }

    /** How many counts and pairs are held. */
    int remembered() {
        lock.lock();
        try {
            return counts.size() + trusted.size();
        } finally {
            lock.unlock();
        }
    }

    private void forgive(String key) {
        Count count = count(key);
        count.failures = Math.max(0, count.failures - 1);
    }

    private Count count(String key) {
        Count count = counts.computeIfAbsent(key, _ -> fresh());
        if (time.nanos() - count.windowStart > limits.window().toNanos()) {
            count = fresh();
            counts.put(key, count);
        }
        return count;
    }

    private Count fresh() {
        Count count = new Count();
        count.windowStart = time.nanos();
        return count;
    }

    private String accountKey(String name, String remote) {
        String pair = pairKey(name, remote);
        return trusted.containsKey(pair) ? pair : "name " + name;
    }

    private static String pairKey(String name, String remote) {
        return "pair " + network(remote) + " " + name;
    }

    private static String addressKey(String remote) {
        return "address " + network(remote);
    }

    /** A household or server has a whole IPv6 network of 64 bits to itself. */
    private static String network(String remote) {
        try {
            byte[] address = InetAddress.ofLiteral(remote).getAddress();
            return HexFormat.of()
                    .formatHex(address.length == 16 ? Arrays.copyOf(address, 8) : address);
        } catch (IllegalArgumentException notAnAddress) {
            return remote.substring(0, Math.min(remote.length(), 64));
        }
    }

    /** The least recently used goes first. */
    private static <V> Map<String, V> bounded(int entries) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > entries;
            }
        };
    }
}
