package io.mailkeep.tickets;

import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Accesses as the ticket authority makes them, without tickets. */
public final class TestAccess {
    private TestAccess() {}

    /** To one mailbox. */
    public static Access to(TenantId tenant, MailboxId mailbox, Operation... operations) {
        return new Access(
                tenant,
                Optional.of(mailbox),
                Optional.empty(),
                "test",
                Set.of(operations),
                new UUID(0, 1),
                () -> true);
    }

    /** To a tenant, or with the installation's own, to all. */
    public static Access to(TenantId tenant, Operation... operations) {
        return new Access(
                tenant,
                Optional.empty(),
                Optional.empty(),
                "test",
                Set.of(operations),
                new UUID(0, 1),
                () -> true);
    }
}
