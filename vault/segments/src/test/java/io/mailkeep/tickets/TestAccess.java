package io.mailkeep.tickets;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Accesses for this room's tests: in the package of tickets, because only there they are made. */
public final class TestAccess {
    private TestAccess() {}

    /** An access that holds until {@code live} says no. */
    public static Access of(TenantId tenant, BooleanSupplier live, Operation... operations) {
        return new Access(
                tenant,
                Optional.of(new MailboxId(new UUID(3, 3))),
                Optional.<AccountId>empty(),
                "test",
                Set.of(operations),
                new UUID(4, 4),
                live);
    }

    /** An access that holds. */
    public static Access of(TenantId tenant, Operation... operations) {
        return of(tenant, () -> true, operations);
    }
}
