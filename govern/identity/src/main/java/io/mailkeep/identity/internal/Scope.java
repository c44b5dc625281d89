package io.mailkeep.identity.internal;

import io.mailkeep.audit.Event;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;

/** Whether an access reaches a company: its own, or any if it is for the whole installation. */
public final class Scope {
    private Scope() {}

    /** {@link AccessDenied} unless this access allows the operation on this company. */
    public static void require(Access access, Operation operation, TenantId tenant) {
        access.require(operation);
        if (!covers(access, tenant)) {
            throw new AccessDenied("access of another company");
        }
    }

    /** {@link AccessDenied} unless this access allows the operation on the whole installation. */
    public static void requireInstallation(Access access, Operation operation) {
        require(access, operation, Event.INSTALLATION);
    }

    /** Whether it reaches this company. */
    public static boolean covers(Access access, TenantId tenant) {
        return access.tenant().equals(tenant) || access.tenant().equals(Event.INSTALLATION);
    }
}
