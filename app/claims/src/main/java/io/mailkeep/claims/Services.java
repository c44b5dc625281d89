package io.mailkeep.claims;

import io.mailkeep.testing.client.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * Where the mail services are reached, as a client knows them.
 *
 * @param host the name or address that the certificate must be for
 * @param ports by service: smtp, submission, submissions, lmtp, imap, imaps, https
 * @param authority PEM file of the certificate authority
 */
public record Services(String host, Map<String, Integer> ports, Path authority) {
    /** A service's port. */
    int port(String service) {
        Integer port = ports.get(service);
        if (port == null) {
            throw new IllegalArgumentException("no service " + service);
        }
        return port;
    }

    /** What a client believes that trusts this authority alone. */
    SSLContext trust() throws IOException {
        return Trust.in(authority);
    }
}
