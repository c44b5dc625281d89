package io.mailkeep.keys;

import io.mailkeep.audit.SubjectCipher;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;

/**
 * The one key management system of the house. Opening it never makes new keys over old data: what
 * can't be opened stays sealed, with a sentence that says what to do.
 *
 * <p>Order of construction: {@code Keys.open}, then {@code new Trail(…, keys.subjects(), …)}, then
 * {@code keys.admin(trail)}.
 */
public final class Keys implements AutoCloseable {
    private Keys() {}

    /** Opens the key device, goes through the crash table, and unseals from the key file. */
    public static Keys open(
            KeysSettings settings, TreeStore tree, Time time, Randomness randomness) {
        throw new UnsupportedOperationException();
    }

    /** Whether anything can be opened. */
    public KeysState state() {
        throw new UnsupportedOperationException();
    }

    /** For the delivering modules. */
    public DeliveryKeys delivery() {
        throw new UnsupportedOperationException();
    }

    /** For what reads. */
    public ReadingKeys reading() {
        throw new UnsupportedOperationException();
    }

    /** For the audit log's personal fields. */
    public SubjectCipher subjects() {
        throw new UnsupportedOperationException();
    }

    /** For sign-in and module tickets. */
    public TicketIssuer issuer() {
        throw new UnsupportedOperationException();
    }

    /** Named secrets and the remembered checkpoint. */
    public KeyDevice device() {
        throw new UnsupportedOperationException();
    }

    /** For administration and background upkeep; tells the trail how the keys were unsealed. */
    public KeyAdmin admin(Trail trail) {
        throw new UnsupportedOperationException();
    }

    /** Wipes the keys in memory. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
