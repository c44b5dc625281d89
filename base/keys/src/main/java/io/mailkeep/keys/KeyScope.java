package io.mailkeep.keys;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;

/** What is rotated: a node of the tree with everything below it. */
public sealed interface KeyScope {
    /** The root itself: an epoch change with a new root. */
    record Root() implements KeyScope {}

    /** A company's key and all below. */
    record OfTenant(TenantId tenant) implements KeyScope {}

    /** One class of a company and all below. */
    record OfClass(TenantId tenant, DataClass dataClass) implements KeyScope {}

    /** A mailbox' keys in every class. */
    record OfMailbox(TenantId tenant, MailboxId mailbox) implements KeyScope {}
}
