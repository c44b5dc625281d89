package io.mailkeep.net;

import java.io.IOException;

/** A protocol's conversation on one connection. */
@FunctionalInterface
public interface Session {
    /**
     * Runs from greeting to farewell; the listener closes the connection afterwards. An {@link
     * IOException} is the end of a connection, nothing more.
     */
    void run(Connection connection) throws IOException;
}
