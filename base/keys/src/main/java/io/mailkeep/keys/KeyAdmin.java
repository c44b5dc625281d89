package io.mailkeep.keys;

import io.mailkeep.kernel.Outcome;
import io.mailkeep.tickets.Access;
import java.time.Instant;
import java.util.List;

/**
 * Administration of the key tree. Every action is on the audit log, published, before it happens,
 * and its outcome after it: no audit, no action.
 */
public final class KeyAdmin {
    KeyAdmin() {}

    /** What is there and how it stands; needs KEYS. */
    public KeysStatus status(Access access) {
        throw new UnsupportedOperationException();
    }

    /** Wipes the keys in memory: nothing decrypts until unsealed; needs KEYS. */
    public Outcome<KeysState> seal(Access access) {
        throw new UnsupportedOperationException();
    }

    /** Reads the root from the key device; needs KEYS. */
    public Outcome<KeysState> unseal(Access access) {
        throw new UnsupportedOperationException();
    }

    /** New keys for a scope and all below, then two epoch changes; needs KEYS. */
    public Outcome<Long> rotate(Access access, KeyScope scope) {
        throw new UnsupportedOperationException();
    }

    /**
     * Destroys what was hidden before an instant: re-keys its paths and changes the epoch; {@code
     * now}: twice, so that it is complete on return; needs KEYS or MAINTAIN.
     */
    public Outcome<Destroyed> destroy(Access access, Instant hiddenBefore, boolean now) {
        throw new UnsupportedOperationException();
    }

    /** Settles a bounded number of tails into buckets; answers how many; needs MAINTAIN. */
    public int settle(Access access) {
        throw new UnsupportedOperationException();
    }

    /** Goes on with a database that went back, as the operator accepts; needs KEYS. */
    public Outcome<KeysState> acceptRollback(Access access) {
        throw new UnsupportedOperationException();
    }

    /**
     * Declares a key folder lost ({@code a} or {@code b}): a fresh one, made at its path, takes its
     * place; needs KEYS.
     */
    public Outcome<KeysState> declareLost(Access access, String folder) {
        throw new UnsupportedOperationException();
    }

    /** Recomputes the tree's invariants; a sentence for each that is broken; needs MAINTAIN. */
    public List<String> check(Access access) {
        throw new UnsupportedOperationException();
    }

    /**
     * What a destruction did.
     *
     * @param rekeyed copies whose keys were taken out now
     * @param epoch the epoch in force
     * @param complete leaves whose destruction is complete now
     * @param waiting leaves whose destruction isn't complete yet
     */
    public record Destroyed(long rekeyed, long epoch, long complete, long waiting) {}
}
