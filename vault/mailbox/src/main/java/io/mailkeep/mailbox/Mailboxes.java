package io.mailkeep.mailbox;

import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Standing;
import java.util.Optional;

/** The mailbox room's door. */
public final class Mailboxes {
    /** Creates a mailbox with INBOX, Drafts, Sent, Junk, Trash and Archive. Needs DIRECTORY. */
    public MailboxId create(Access access, TenantId tenant) {
        throw new UnsupportedOperationException();
    }

    /** The mailbox of this access. */
    public Mailbox open(Access access) {
        throw new UnsupportedOperationException();
    }

    /** The write-only door. */
    public Dropbox dropbox() {
        throw new UnsupportedOperationException();
    }

    /**
     * The standing delivery ticket of a mailbox; empty when its owner withdrew it. Needs RESOLVE.
     */
    public Optional<Standing> standing(Access access, TenantId tenant, MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }

    /**
     * Withdraws or renews the standing delivery ticket; outstanding ones end at once. Needs
     * DIRECTORY.
     */
    public void setStanding(Access access, TenantId tenant, MailboxId mailbox, boolean accepting) {
        throw new UnsupportedOperationException();
    }
}
