package io.mailkeep.transport.internal;

import io.mailkeep.audit.Event;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the audit log what was refused, by whom, from where and why. */
public final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private Refusals() {}

    /** Records a refusal; a log that can't be written never turns it into a permission. */
    public static void tell(
            Consumer<Event> audit,
            EventType type,
            String service,
            Optional<TenantId> tenant,
            Optional<String> account,
            InetAddress remote,
            String reason,
            Map<String, String> facts) {
        Map<String, String> all = new TreeMap<>(facts);
        all.put("reason", reason);
        Event.Personal from =
                new Event.Personal(
                        account.map(SubjectId::parse).orElse(Event.STRANGER),
                        "remote",
                        remote.getHostAddress());
        try {
            audit.accept(
                    new Event(
                            type,
                            tenant.orElse(Event.INSTALLATION),
                            account.orElse("module:" + service),
                            Event.Decision.REFUSED,
                            service,
                            all,
                            List.of(from)));
        } catch (RuntimeException unrecorded) {
            log.atError()
                    .addKeyValue("service", service)
                    .addKeyValue("reason", reason)
                    .setCause(unrecorded)
                    .log("a refusal could not be put on the audit log");
        }
    }
}
