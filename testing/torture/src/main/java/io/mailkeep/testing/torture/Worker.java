package io.mailkeep.testing.torture;

import java.io.IOException;

/** One client of the load: connects, does one thing after the other, begins anew when it fails. */
interface Worker extends AutoCloseable {
    /**
     * Tries one thing. What is thrown has been told to the ledger; the next one begins with a new
     * connection.
     */
    void once() throws IOException;

    /** Leaves, without a word. */
    @Override
    void close() throws IOException;
}
