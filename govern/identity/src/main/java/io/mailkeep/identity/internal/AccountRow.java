package io.mailkeep.identity.internal;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.MailboxId;
import java.time.Instant;
import java.util.Optional;

/** One account as stored. */
public record AccountRow(
        AccountId id,
        MailboxId mailbox,
        SealedText profile,
        Optional<byte[]> verifier,
        boolean disabled,
        Instant created) {}
