package io.mailkeep.tickets;

import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import java.security.PublicKey;
import java.util.function.Supplier;

/**
 * The one place where it is decided who may touch what ({@code DAT-3}). Refusals stand on the audit
 * log with their reason; the refused learns only that it is refused.
 */
public final class TicketAuthority {
    /**
     * @param key the public half of the key that the keys room signs tickets with
     */
    public TicketAuthority(Supplier<PublicKey> key, Epochs epochs, Trail trail, Time time) {
        throw new UnsupportedOperationException();
    }

    /** Checks a person's and a module's ticket for one connection. */
    public Outcome<Admission> admit(
            SignedTicket person,
            SignedTicket module,
            ChannelBinding channel,
            ChannelBinding process) {
        throw new UnsupportedOperationException();
    }

    /** Checks a module's ticket alone: for work that no person asks for. */
    public Outcome<Admission> admit(SignedTicket module, ChannelBinding process) {
        throw new UnsupportedOperationException();
    }

    /**
     * Decides on one operation in the admitted person's mailbox: both tickets must allow it and be
     * live.
     */
    public Outcome<Access> decide(Admission admission, Operation operation) {
        throw new UnsupportedOperationException();
    }

    /** Decides on putting a message into a mailbox by its standing delivery ticket. */
    public Outcome<Access> decideDelivery(Admission module, Standing standing) {
        throw new UnsupportedOperationException();
    }

    /**
     * Decides on work of a module of its own in one tenant: resolving, directory, keys, audit,
     * maintenance.
     */
    public Outcome<Access> decideModule(Admission module, Operation operation, TenantId tenant) {
        throw new UnsupportedOperationException();
    }
}
