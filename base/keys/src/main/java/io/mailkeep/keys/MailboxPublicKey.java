package io.mailkeep.keys;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;

/** The public half of a mailbox's key pair for one class. */
public record MailboxPublicKey(
        TenantId tenant,
        MailboxId mailbox,
        DataClass dataClass,
        NodeId node,
        KeyId pair,
        int suite,
        byte[] key) {}
