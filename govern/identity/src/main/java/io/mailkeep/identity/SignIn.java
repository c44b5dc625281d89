package io.mailkeep.identity;

import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.SignedTicket;

/**
 * Checks who somebody is. Unknown user, wrong password, disabled account and account without a
 * password look and take the same ({@code ATK-68}); each attempt stands on the audit log.
 */
public interface SignIn {
    /**
     * Checks a name and password given over TLS; the password is checked by the keys room itself,
     * which signs the ticket.
     *
     * @param module the protocol's module ticket, {@code process} the binding it was issued on
     * @param channel the connection the user ticket will be bound to
     * @param remote the client's network address, for the audit log
     */
    Outcome<SignedIn> password(
            SignedTicket module,
            ChannelBinding process,
            String name,
            Secret password,
            ChannelBinding channel,
            String remote);

    /**
     * The same right for 15 more minutes on the same connection, checked against the account as it
     * is now: refused once it is disabled or its sessions were ended. No password is needed.
     *
     * @param admission of a person, from {@link
     *     io.mailkeep.tickets.TicketAuthority#admit(SignedTicket, SignedTicket, ChannelBinding,
     *     ChannelBinding)}
     */
    Outcome<SignedTicket> renew(Admission admission);
}
