package io.mailkeep.api;

import io.mailkeep.kernel.TenantId;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;

/**
 * Where a controller gets the right to do something: the ticket authority's decision on the api
 * module's ticket.
 */
@FunctionalInterface
public interface AdminAccess {
    /**
     * The access; {@link io.mailkeep.tickets.AccessDenied} if the module's ticket doesn't allow it.
     */
    Access to(Operation operation, TenantId tenant);
}
