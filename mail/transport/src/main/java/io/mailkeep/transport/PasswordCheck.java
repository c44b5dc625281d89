package io.mailkeep.transport;

import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import java.net.InetAddress;

/** Checks who somebody is who wants to send. */
@FunctionalInterface
public interface PasswordCheck {
    /**
     * Checks a name and password that came through TLS.
     *
     * @param channel what makes that connection different from every other (RFC 9266)
     */
    Outcome<Submitter> check(String name, Secret password, byte[] channel, InetAddress remote);
}
