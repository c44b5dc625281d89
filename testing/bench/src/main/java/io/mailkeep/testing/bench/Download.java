package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * All that one command brings, read by a client that only counts it: what takes the client time is
 * TLS alone.
 *
 * @param octets that came
 * @param nanos from the command to the end of the connection
 */
record Download(long octets, long nanos) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * Gives the command, and leaves with LOGOUT.
     *
     * @param least octets that must come
     */
    static Download of(ImapClient session, String command, long least) throws IOException {
        session.patience(PATIENCE);
        long begun = Time.system().nanos();
        session.send(("f1 " + command + "\r\nf2 LOGOUT\r\n").getBytes(StandardCharsets.US_ASCII));
        long octets = session.octetsUntilClosed();
        if (octets < least) {
            throw new IOException(
                    command + " brought " + octets + " octets instead of " + least + " and more");
        }
        return new Download(octets, Time.system().nanos() - begun);
    }
}
