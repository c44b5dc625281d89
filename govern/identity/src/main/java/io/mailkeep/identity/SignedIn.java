package io.mailkeep.identity;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.SignedTicket;
import java.util.Set;

/**
 * A person who proved who they are.
 *
 * @param ticket their user ticket, bound to the connection it was issued on
 * @param addresses every address they may send as
 */
public record SignedIn(
        TenantId tenant,
        AccountId account,
        MailboxId mailbox,
        SignedTicket ticket,
        Set<EmailAddress> addresses) {}
