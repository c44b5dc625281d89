package io.mailkeep.net.internal;

import io.mailkeep.kernel.Time;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Of what comes again and again, one is told a minute and address (an IPv6 /64 is one), and 64 a
 * minute in all, with how many weren't: a flood fills no log ({@code ATK-115}).
 */
public final class Repeats {
    static final int ADDRESSES_MAX = 64;
    static final Duration SPAN = Duration.ofMinutes(1);

    private final Time time;
    private final Map<ByteBuffer, Long> told = new LinkedHashMap<>();
    private long untold;

    public Repeats(Time time) {
        this.time = time;
    }

    /** It came once more: how many weren't told since the last that was, if this one is to be. */
    public synchronized OptionalLong came(InetAddress from) {
        long now = time.nanos();
        Iterator<Long> oldest = told.values().iterator();
        while (oldest.hasNext() && now - oldest.next() >= SPAN.toNanos()) {
            oldest.remove();
        }
        if (told.size() >= ADDRESSES_MAX || told.containsKey(Budget.address(from))) {
            untold++;
            return OptionalLong.empty();
        }
        told.put(Budget.address(from), now);
        OptionalLong before = OptionalLong.of(untold);
        untold = 0;
        return before;
    }
}
