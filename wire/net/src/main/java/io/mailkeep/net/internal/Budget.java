package io.mailkeep.net.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Counts open connections, in all and an address. */
public final class Budget {
    private final int total;
    private final int perAddress;
    private final Map<ByteBuffer, Integer> open = new HashMap<>();
    private int count;

    public Budget(int total, int perAddress) {
        this.total = total;
        this.perAddress = perAddress;
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
        ByteBuffer key = key(address);
        int mine = open.getOrDefault(key, 0);
        if (mine >= perAddress) {
            return false;
        }
        open.put(key, mine + 1);
        return true;
    }

    /** Gives a place back that was this address'. */
    public synchronized void give(InetAddress address) {
        open.computeIfPresent(key(address), (_, mine) -> mine == 1 ? null : mine - 1);
        give();
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
    private static ByteBuffer key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(bytes, 0, 8).slice()
                : ByteBuffer.wrap(bytes);
    }
}
