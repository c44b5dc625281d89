package io.mailkeep.node.internal;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.net.Alarm;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what the listeners say of their clients on the audit log, and a line without the address
 * into the node's own; whatever was done to the client stands even if it can't be told.
 */
final class Alarms implements Consumer<Alarm> {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    private final Trail trail;

    Alarms(Trail trail) {
        this.trail = trail;
    }

    @Override
    public void accept(Alarm alarm) {
        LOG.atWarn()
                .addKeyValue("type", alarm.type().id())
                .addKeyValue("facts", alarm.facts())
                .log("A client's conduct");
        String address = alarm.address().getHostAddress();
        try {
            trail.record(
                    new Event(
                            alarm.type(),
                            Event.INSTALLATION,
                            "module:net",
                            Event.Decision.REFUSED,
                            "client",
                            alarm.facts(),
                            List.of(new Event.Personal(Event.STRANGER, "remote", address))));
        } catch (RuntimeException untold) {
            LOG.atError().setCause(untold).log("An alarm could not be put on the audit log");
        }
    }
}
