package io.mailkeep.net.internal;

import io.mailkeep.kernel.Time;
import java.time.Duration;

/**
 * When a connection's patience ends. Written by its session, read by the listener's watch.
 *
 * <p>A socket's own read timeout starts anew with each octet and a write has none at all, so a
 * client that trickles or doesn't read is cut from outside ({@code ATK-139}).
 */
public final class Deadlines {
    private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    private final Time time;
    private final long stallNanos;
    private volatile long idleNanos;
    private volatile long end;
    private volatile boolean writing;
    private volatile long writingSince;

    public Deadlines(Time time, Duration stall, Duration first) {
        this.time = time;
        this.stallNanos = stall.toNanos();
        phase(first, first);
    }

    /** A new phase begins: so long without an octet, so long in all. */
    public void phase(Duration idle, Duration overall) {
        idleNanos = idle.toNanos();
        end = time.nanos() + overall.toNanos();
    }

    /** Milliseconds that the next read may wait; 0 when the phase is over. */
    public int readMillis() {
        long left = Math.min(idleNanos, end - time.nanos());
        return left <= 0 ? 0 : Math.clamp(left / 1_000_000, 1, Integer.MAX_VALUE);
    }

    /** A write begins. */
    public void writing() {
        writingSince = time.nanos();
        writing = true;
    }

    /** The write is done. */
    public void written() {
        writing = false;
    }

    /** The connection has to be cut: the grace is for the farewell. */
    public boolean passed() {
        long now = time.nanos();
        return now - end > GRACE_NANOS || (writing && now - writingSince > stallNanos);
    }
}
