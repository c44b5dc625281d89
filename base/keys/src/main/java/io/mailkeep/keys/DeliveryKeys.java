package io.mailkeep.keys;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.tickets.Access;

/**
 * What the delivering module may do with keys: seal to mailboxes. It holds no private key and opens
 * nothing.
 */
public final class DeliveryKeys {
    DeliveryKeys() {}

    /** Fresh keys for a new message body and the first copy of it. */
    public CopyKeys fresh() {
        throw new UnsupportedOperationException();
    }

    /** A further copy of the same body: the body's key with a copy key of its own. */
    public CopyKeys another(CopyKeys first) {
        throw new UnsupportedOperationException();
    }

    /**
     * Seals a copy's keys to the mailbox's current public key for the class, making node and pair
     * at first use.
     *
     * @throws io.mailkeep.kernel.Unavailable while the keys are sealed
     */
    public SealedCopy seal(Access mailbox, DataClass dataClass, CopyId copy, CopyKeys keys) {
        throw new UnsupportedOperationException();
    }
}
