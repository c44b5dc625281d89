package io.mailkeep.transport;

import io.mailkeep.kernel.Time;
import io.mailkeep.segments.Clear;
import io.mailkeep.segments.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** An arrival that belongs to no transaction: what was read is looked at, not delivered. */
public final class LooseArrival {
    private LooseArrival() {}

    /** Of messages of at most this size. */
    public static Arrival of(Spool spool, String hostName, long messageOctets) {
        IntakeLimits limits = new IntakeLimits(messageOctets, 1, 2_048, 5);
        return new Arrival(spool.writer(), hostName, limits, () -> Optional.empty(), Time.system());
    }

    /** The complete body. */
    public static byte[] body(Arrival arrival) throws IOException {
        Clear whole = arrival.finish();
        try (InputStream in = whole.open()) {
            return in.readAllBytes();
        }
    }

    /** Fields that were removed from it. */
    public static int removed(Arrival arrival) {
        return arrival.header().removed();
    }
}
