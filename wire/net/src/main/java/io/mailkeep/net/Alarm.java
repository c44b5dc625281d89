package io.mailkeep.net;

import io.mailkeep.kernel.EventType;
import java.net.InetAddress;
import java.util.Map;

/**
 * What a client did that is to stand on the audit log.
 *
 * @param address whose it was; says something about a person
 * @param facts without personal data
 */
public record Alarm(EventType type, InetAddress address, Map<String, String> facts) {
    public Alarm {
        facts = Map.copyOf(facts);
    }
}
