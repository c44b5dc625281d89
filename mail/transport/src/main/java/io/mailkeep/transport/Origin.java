package io.mailkeep.transport;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Where a message comes from.
 *
 * @param service for the audit log: {@code mx}, {@code submission}, {@code submissions}, {@code
 *     lmtp}
 * @param protocol the {@code with} clause of its trace field (RFC 3848, RFC 6531 4.3)
 * @param greeting the name the client gave itself; checked for its form
 * @param remote the client's network address
 * @param tlsSuite the cipher suite (RFC 8314 4.3), if it came through TLS
 * @param submitter who signed in; empty for a stranger
 */
public record Origin(
        String service,
        String protocol,
        String greeting,
        InetAddress remote,
        Optional<String> tlsSuite,
        Optional<Submitter> submitter) {
    @Override
    public String toString() {
        return "[origin " + service + "]";
    }
}
