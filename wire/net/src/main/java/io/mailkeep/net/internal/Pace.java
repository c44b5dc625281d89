package io.mailkeep.net.internal;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.RecentMap;
import io.mailkeep.kernel.Time;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/**
 * How fast an address may begin TLS handshakes, which cost us more than they cost the client: 100
 * at once and 25 a second after that; what comes faster waits for its turn, and harms nobody else
 * ({@code ATK-140}). An IPv6 /64 is one address ({@code ATK-141}).
 *
 * <p>Nobody is refused here: behind one address there may be a whole office. Not protected: beyond
 * 10,000 addresses at once the one that was longest away starts anew.
 */
@Claim({"NET-2", "ATK-140", "ATK-141"})
public final class Pace {
    static final int AT_ONCE = 100;
    static final int ADDRESSES_MAX = 10_000;
    static final Duration EACH = Duration.ofMillis(40);

    private final Time time;

    /** By address, until when its handshakes fill the time, one after the other. */
    private final Map<ByteBuffer, Long> until = new RecentMap<>(ADDRESSES_MAX);

    public Pace(Time time) {
        this.time = time;
    }

    /** Takes a turn: how long it has to be waited for. Who is on this machine doesn't wait. */
    public synchronized Duration turn(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return Duration.ZERO;
        }
        long now = time.nanos();
        long before = until.getOrDefault(Budget.address(address), now);
        long mine = (before - now > 0 ? before : now) + EACH.toNanos();
        until.put(Budget.address(address), mine);
        return Duration.ofNanos(Math.max(0, mine - now - AT_ONCE * EACH.toNanos()));
    }

    /** How many addresses are remembered. */
    synchronized int remembered() {
        return until.size();
    }
}
