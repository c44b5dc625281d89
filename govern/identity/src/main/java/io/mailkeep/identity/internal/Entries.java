package io.mailkeep.identity.internal;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.tickets.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the audit log is told of the directory; personal data only encrypted for its subject. */
public final class Entries {
    private final Trail trail;

    public Entries(Trail trail) {
        this.trail = trail;
    }

    /** Tells that the directory was read. */
    public void read(Access access, TenantId tenant, String object) {
        trail.record(
                Event.granted(EventType.DIRECTORY_READ, tenant, access.actor(), object, Map.of()));
    }

    /** An entry that commits with its change. */
    Entry told(
            EventType type,
            Access access,
            TenantId tenant,
            String object,
            Map<String, String> facts) {
        return trail.prepare(Event.granted(type, tenant, access.actor(), object, facts));
    }

    /** An entry that commits with its change, with personal data of the account. */
    Entry told(
            EventType type,
            Access access,
            TenantId tenant,
            AccountId account,
            Map<String, String> facts,
            Map<String, String> personal) {
        SubjectId subject = new SubjectId(account.value());
        List<Event.Personal> fields = new ArrayList<>();
        personal.forEach((field, value) -> fields.add(new Event.Personal(subject, field, value)));
        return trail.prepare(
                new Event(
                        type,
                        tenant,
                        access.actor(),
                        Event.Decision.GRANTED,
                        account.toString(),
                        facts,
                        fields));
    }
}
