package io.mailkeep.tickets;

import java.util.List;
import java.util.UUID;

/**
 * The port to the revocation epochs: a number a subject, which only grows and survives restart and
 * restore.
 */
public interface EpochStore {
    /** The subject's epoch; 0 if it was never raised. */
    long current(UUID subject);

    /** Raises the subject's epoch by one, durably, and returns it. */
    long raise(UUID subject);

    /** Changes with a number above this one, in order; any node's. */
    List<Change> since(long number);

    /**
     * @param number grows by each change of any subject
     */
    record Change(long number, UUID subject, long epoch) {}
}
