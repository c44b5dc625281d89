package io.mailkeep.mailbox;

import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Standing;
import java.util.Optional;

/** The mailbox room's door. */
public interface Mailboxes {
    /** Creates a mailbox with INBOX, Drafts, Sent, Junk, Trash and Archive. Needs DIRECTORY. */
    MailboxId create(Access access, TenantId tenant);

    /** The mailbox of this access. */
    Mailbox open(Access access);

    /** The write-only door. */
    Dropbox dropbox();

    /**
     * The standing delivery ticket of a mailbox; empty when its owner withdrew it. Needs RESOLVE.
     */
    Optional<Standing> standing(Access access, TenantId tenant, MailboxId mailbox);

    /**
     * Withdraws or renews the standing delivery ticket; outstanding ones end at once. Needs
     * DIRECTORY.
     */
    void setStanding(Access access, TenantId tenant, MailboxId mailbox, boolean accepting);
}
