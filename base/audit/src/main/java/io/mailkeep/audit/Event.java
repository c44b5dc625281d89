package io.mailkeep.audit;

import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import java.util.List;
import java.util.Map;

/**
 * Something that is to stand on the audit log.
 *
 * @param type what happened, from the closed catalogue
 * @param tenant whose matter it is; {@link #INSTALLATION} where it is no tenant's
 * @param actor who did it: a module, an account id, the operator; an identifier, never an address
 * @param decision granted, refused or failed
 * @param object what it was done to: an identifier
 * @param facts further facts without personal data, such as counts, the reason, the ticket's id
 * @param personal fields that say something about a person; sealed under that person's key before
 *     they are stored
 */
public record Event(
        EventType type,
        TenantId tenant,
        String actor,
        Decision decision,
        String object,
        Map<String, String> facts,
        List<Personal> personal) {

    /** The installation's own tenant: what belongs to no company. */
    public static final TenantId INSTALLATION = new TenantId(new java.util.UUID(0, 0));

    /** Whoever isn't one of ours: one subject for all of them. */
    public static final SubjectId STRANGER = new SubjectId(new java.util.UUID(0, 0));

    /** How a request ended. */
    public enum Decision {
        GRANTED,
        REFUSED,
        FAILED
    }

    /** One personal field: an address as typed, a network address, a name. */
    public record Personal(SubjectId subject, String field, String value) {
        @Override
        public String toString() {
            return field + "=[personal]";
        }
    }

    public Event {
        facts = Map.copyOf(facts);
        personal = List.copyOf(personal);
    }

    /** A granted event without personal fields. */
    public static Event granted(
            EventType type,
            TenantId tenant,
            String actor,
            String object,
            Map<String, String> facts) {
        return new Event(type, tenant, actor, Decision.GRANTED, object, facts, List.of());
    }

    /** A refused event without personal fields; {@code facts} holds the reason. */
    public static Event refused(
            EventType type,
            TenantId tenant,
            String actor,
            String object,
            Map<String, String> facts) {
        return new Event(type, tenant, actor, Decision.REFUSED, object, facts, List.of());
    }
}
