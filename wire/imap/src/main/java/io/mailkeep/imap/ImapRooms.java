package io.mailkeep.imap;

import io.mailkeep.audit.Trail;
import io.mailkeep.identity.SignIn;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.mailbox.Mailboxes;
import io.mailkeep.segments.Spool;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.TicketAuthority;
import java.util.function.Supplier;

/**
 * The rooms that IMAP stands on.
 *
 * @param module the imap module's ticket, as renewed by the node
 * @param process what the module's ticket is bound to
 * @param spool where a message being appended waits
 */
public record ImapRooms(
        Mailboxes mailboxes,
        SignIn signIn,
        TicketAuthority authority,
        Supplier<SignedTicket> module,
        ChannelBinding process,
        Spool spool,
        Trail trail,
        Time time,
        Randomness randomness) {}
