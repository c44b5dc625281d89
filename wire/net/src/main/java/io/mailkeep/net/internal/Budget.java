package io.mailkeep.net.internal;

import io.mailkeep.net.NetLimits;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts open connections: in all, of a network and of an address. What is an address' own is
 * counted for its network, too, so that who has many of them can't take every place.
 */
public final class Budget {
    private static final int IPV4_NETWORK_OCTETS = 3;
    private static final int IPV6_NETWORK_OCTETS = 6;
    private static final int IPV6_ADDRESS_OCTETS = 8;

    private final int total;
    private final int perNetwork;
    private final int perAddress;
    private final Map<ByteBuffer, Integer> networks = new HashMap<>();
    private final Map<ByteBuffer, Integer> addresses = new HashMap<>();
    private int count;

    public Budget(NetLimits limits) {
        this.total = limits.connections();
        this.perNetwork = limits.connectionsPerNetwork();
        this.perAddress = limits.connectionsPerAddress();
    }

    /** Takes a place; false if there is none. */
    public synchronized boolean take(InetAddress address) {
        if (!take()) {
            return false;
        }
        if (!assign(address)) {
            give();
            return false;
        }
        return true;
    }

    /** Takes a place for whom isn't known yet; false if there is none. */
    public synchronized boolean take() {
        if (count >= total) {
            return false;
        }
        count++;
        return true;
    }

    /** A place that is taken is this address'; false if it has enough: it isn't then. */
    public synchronized boolean assign(InetAddress address) {
        int mine = addresses.getOrDefault(address(address), 0);
        int ours = networks.getOrDefault(network(address), 0);
        if (mine >= perAddress || ours >= perNetwork) {
            return false;
        }
        addresses.put(address(address), mine + 1);
        networks.put(network(address), ours + 1);
        return true;
    }

    /** Gives a place back that was this address'. */
    public synchronized void give(InetAddress address) {
        addresses.computeIfPresent(address(address), Budget::less);
        networks.computeIfPresent(network(address), Budget::less);
        give();
    }

    private static @Nullable Integer less(ByteBuffer key, Integer places) {
        return places == 1 ? null : places - 1;
    }

    /** Gives a place back that was nobody's. */
    public synchronized void give() {
        count--;
    }

    /** Places taken. */
    public synchronized int count() {
        return count;
    }

    /** Whoever has one address of an IPv6 /64 has all of them. */
    static ByteBuffer address(InetAddress address) {
        byte[] bytes = address.getAddress();
        int octets = address instanceof Inet6Address ? IPV6_ADDRESS_OCTETS : bytes.length;
        return ByteBuffer.wrap(bytes, 0, octets).slice();
    }

    /** What one customer of a provider may well have in all. */
    private static ByteBuffer network(InetAddress address) {
        boolean six = address instanceof Inet6Address;
        int octets = six ? IPV6_NETWORK_OCTETS : IPV4_NETWORK_OCTETS;
        return ByteBuffer.wrap(address.getAddress(), 0, octets).slice();
    }
}
