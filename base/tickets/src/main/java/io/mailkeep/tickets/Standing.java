package io.mailkeep.tickets;

import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;

/**
 * A mailbox's standing delivery ticket: its owner lets strangers put mail in, and nothing else. A
 * row with an epoch, not a token; the delivery transaction checks the epoch once more.
 */
public record Standing(TenantId tenant, MailboxId mailbox, long epoch) {}
