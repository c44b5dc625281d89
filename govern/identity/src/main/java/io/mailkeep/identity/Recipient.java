package io.mailkeep.identity;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.tickets.Standing;

/** Where mail for an address of ours goes, and the standing ticket that lets it in. */
public record Recipient(TenantId tenant, AccountId account, MailboxId mailbox, Standing standing) {}
