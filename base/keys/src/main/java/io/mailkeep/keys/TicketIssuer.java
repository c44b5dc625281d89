package io.mailkeep.keys;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Classified;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.SessionId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Ticket;
import java.security.PublicKey;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Checks sign-in proofs and signs tickets (Ed25519, RFC 8032), with a key that is made at each
 * start of the process and never leaves its memory.
 */
public final class TicketIssuer {
    TicketIssuer() {}

    /** What a user ticket will say, if the password is right. {@code epoch}: of the account. */
    public record Claims(
            TenantId tenant,
            AccountId account,
            MailboxId mailbox,
            SessionId session,
            Set<Operation> operations,
            long epoch) {}

    /** The public half, for the ticket authority. */
    public PublicKey publicKey() {
        throw new UnsupportedOperationException();
    }

    /** A module's ticket, 15 minutes. {@code epoch}: the module's revocation epoch. */
    public SignedTicket module(
            String module,
            UUID node,
            Set<Operation> operations,
            long epoch,
            ChannelBinding process) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks a password against a verifier and signs a user ticket. Without verifier or claims
     * (unknown user, no password) it takes as long and refuses with the same words ({@code
     * ATK-68}). Deferred when too many sign-ins wait.
     */
    public Outcome<SignedTicket> signIn(
            Optional<Classified<byte[]>> verifier,
            Secret password,
            Optional<Claims> claims,
            ChannelBinding channel) {
        throw new UnsupportedOperationException();
    }

    /** A verifier for a new password (Argon2id, RFC 9106, as a PHC string in UTF-8). */
    public Outcome<Classified<byte[]>> hash(Secret password) {
        throw new UnsupportedOperationException();
    }

    /** The same right for 15 more minutes; the caller checked the account's epoch. */
    public SignedTicket renew(Ticket.User ticket, long epoch) {
        throw new UnsupportedOperationException();
    }

    /**
     * A ticket for somebody else's mailbox of the same company, on the same connection, no longer
     * than the own one and with no operation that the own one lacks; the caller checked the ACL row
     * and the account's epoch.
     */
    public SignedTicket delegate(
            Ticket.User own, MailboxId mailbox, Set<Operation> operations, long epoch) {
        throw new UnsupportedOperationException();
    }

    /** A narrower ticket: refuses operations that the given one lacks. */
    public SignedTicket narrow(Ticket.User ticket, Set<Operation> operations) {
        throw new UnsupportedOperationException();
    }
}
