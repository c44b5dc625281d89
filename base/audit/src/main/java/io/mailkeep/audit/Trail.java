package io.mailkeep.audit;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;

/**
 * Where every room tells what it decided. <em>Durable</em> = committed in the outbox;
 * <em>published</em> = in the Merkle log on the devices, under a signed checkpoint.
 */
public final class Trail {
    public Trail(Outbox outbox, SubjectCipher subjects, Time time, Randomness randomness) {
        throw new UnsupportedOperationException();
    }

    /** Seals an event into an entry that the caller stores in the transaction of what it tells. */
    public Entry prepare(Event event) {
        throw new UnsupportedOperationException();
    }

    /** Stores an event in a transaction of its own; durable on return. */
    public void record(Event event) {
        throw new UnsupportedOperationException();
    }

    /**
     * Stores an event and waits until it is published: for staff and key actions (no audit, no
     * action).
     *
     * @throws io.mailkeep.kernel.Unavailable when it isn't published within 5 s
     */
    public void recordPublished(Event event) {
        throw new UnsupportedOperationException();
    }
}
