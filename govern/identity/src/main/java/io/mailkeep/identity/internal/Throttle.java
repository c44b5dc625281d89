package io.mailkeep.identity.internal;

import io.mailkeep.identity.SignInLimits;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.RecentMap;
import io.mailkeep.kernel.Time;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts failed sign-ins by name and by network address, in memory, bounded ({@code ATK-65}).
 *
 * <p>No more attempts are undecided at once than failures are left, so that ten thousand at once
 * are no way around; whoever comes on top waits in line until others are decided, so that a
 * thousand clients with the right password, back at once after a start, are no guessers ({@code
 * FLT-36}). A name that doesn't exist counts as one that does. Where somebody signed in before from
 * the same address, that pair has a count of its own: guessing from elsewhere doesn't lock its
 * owner out.
 */
@Claim({"ATK-65", "ACC-1", "FLT-36"})
public final class Throttle {
    private final SignInLimits limits;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Count> counts;
    private final Map<String, Boolean> trusted;

    /** In the order in which they came. */
    private final Set<Waiting> line = new LinkedHashSet<>();

    private final class Count {
        long windowStart = time.nanos();
        int failures;

        /** Attempts that aren't decided yet. */
        int trying;

        /** Attempts that were turned away in this window. */
        int turnedAway;
    }

    private final class Waiting {
        final String name;
        final String address;
        final String pair;
        final Condition decided = lock.newCondition();
        Optional<Verdict> verdict = Optional.empty();

        Waiting(String name, String remote) {
            String network = network(remote);
            this.name = "name " + name;
            this.address = "address " + network;
            this.pair = "pair " + network + " " + name;
        }
    }

    /** What becomes of an attempt. */
    public sealed interface Verdict {
        /** It may be tried; a failure is answered after the delay. */
        record Go(Duration delay, Charge charge) implements Verdict {}

        /**
         * It isn't tried.
         *
         * @param times how often within the window, for the audit log
         * @param name it is this name that was tried too often, not only somebody's address
         */
        record TurnedAway(int times, boolean name) implements Verdict {}

        /** It isn't tried: so many others are undecided for so long. No guess, no failure. */
        record Busy() implements Verdict {}
    }

    /** What an attempt is held against until it is decided. */
    public record Charge(String account, String address, String pair) {}

    /** Limits may be another's in tests. */
    public Throttle(SignInLimits limits, Time time) {
        this.limits = limits;
        this.time = time;
        this.counts = new RecentMap<>(limits.entries());
        this.trusted = new RecentMap<>(limits.entries());
    }

    /**
     * An attempt on this name from this network address begins, after waiting in line if it must
     * ({@link SignInLimits#patience()}). What goes must be told of: {@link #succeeded}, {@link
     * #failed} or {@link #undecided}.
     */
    public Verdict begin(String name, String remote) {
        lock.lock();
        try {
            Waiting attempt = new Waiting(name, remote);
            attempt.verdict = decide(attempt);
            if (attempt.verdict.isEmpty()) {
                waitInLine(attempt);
            }
            return attempt.verdict.orElseGet(Verdict.Busy::new);
        } finally {
            lock.unlock();
        }
    }

    /** It succeeded. */
    public void succeeded(Charge charge) {
        lock.lock();
        try {
            trusted.put(charge.pair(), true);
            end(charge, 0);
        } finally {
            lock.unlock();
        }
    }

    /** It failed: name or password were wrong. */
    public void failed(Charge charge) {
        end(charge, 1);
    }

    /** It wasn't decided: our own fault, no guess. */
    public void undecided(Charge charge) {
        end(charge, 0);
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

    private void waitInLine(Waiting attempt) {
        line.add(attempt);
        try {
            long left = limits.patience().toNanos();
            while (attempt.verdict.isEmpty() && left > 0) {
                left = attempt.decided.awaitNanos(left);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            line.remove(attempt);
        }
    }

    /** Something was decided: whoever waits and may go on now does. */
    private void letOn() {
        for (Iterator<Waiting> waiting = line.iterator(); waiting.hasNext(); ) {
            Waiting attempt = waiting.next();
            attempt.verdict = decide(attempt);
            if (attempt.verdict.isPresent()) {
                waiting.remove();
                attempt.decided.signal();
            }
        }
    }

    /** Empty while it depends on what becomes of others. */
    private Optional<Verdict> decide(Waiting attempt) {
        Charge charge = charge(attempt);
        Count account = count(charge.account());
        Count address = count(charge.address());
        int ofAccount = limits.perAccount() - account.failures;
        int ofAddress = limits.perAddress() - address.failures;
        if (ofAccount <= 0 || ofAddress <= 0) {
            boolean name = ofAccount <= 0;
            Count why = name ? account : address;
            return Optional.of(new Verdict.TurnedAway(++why.turnedAway, name));
        }
        if (account.trying >= ofAccount || address.trying >= ofAddress) {
            return Optional.empty();
        }
        account.trying++;
        address.trying++;
        return Optional.of(new Verdict.Go(delay(account.failures + account.trying), charge));
    }

    private Duration delay(int failures) {
        int over = Math.min(failures - limits.freePerAccount(), 16);
        Duration delay = over <= 0 ? Duration.ZERO : Duration.ofMillis(125L << over);
        return delay.compareTo(limits.delayMax()) > 0 ? limits.delayMax() : delay;
    }

    private void end(Charge charge, int failures) {
        lock.lock();
        try {
            for (String key : List.of(charge.account(), charge.address())) {
                Count count = count(key);
                count.trying = Math.max(0, count.trying - 1);
                count.failures += failures;
            }
            letOn();
        } finally {
            lock.unlock();
        }
    }

    private Count count(String key) {
        Count count = counts.computeIfAbsent(key, _ -> new Count());
        long now = time.nanos();
        if (now - count.windowStart > limits.window().toNanos()) {
            count.windowStart = now;
            count.failures = 0;
            count.turnedAway = 0;
        }
        return count;
    }

    private Charge charge(Waiting attempt) {
        String account = trusted.containsKey(attempt.pair) ? attempt.pair : attempt.name;
        return new Charge(account, attempt.address, attempt.pair);
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
}
