package io.mailkeep.tickets;

import io.mailkeep.kernel.Time;
import java.util.UUID;

/**
 * Revocation epochs, kept in memory and refreshed from the store several times a second: a
 * revocation is seen within 1 s on every node, and at once on the node that made it ({@code
 * ATK-86}).
 */
public final class Epochs implements AutoCloseable {
    public Epochs(EpochStore store, Time time) {
        throw new UnsupportedOperationException();
    }

    /** The subject's epoch. Costs a look into a map. */
    public long current(UUID subject) {
        throw new UnsupportedOperationException();
    }

    /** Revokes every ticket of the subject issued so far; durable and in force here on return. */
    public long revoke(UUID subject) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
