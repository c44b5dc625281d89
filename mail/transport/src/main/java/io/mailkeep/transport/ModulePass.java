package io.mailkeep.transport;

import io.mailkeep.kernel.Outcome;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.TicketAuthority;
import java.util.function.Supplier;

/**
 * A module's own ticket, admitted once and again whenever it was renewed.
 *
 * <p>The ticket's signature costs tens of microseconds to check; with this it is once a ticket, not
 * once a recipient.
 */
public final class ModulePass {
    private final TicketAuthority authority;
    private final Supplier<SignedTicket> ticket;
    private final ChannelBinding process;
    private volatile Held held;

    private record Held(SignedTicket ticket, Outcome<Admission> admission) {}

    /**
     * @param ticket the current one; whoever renews it hands out another object
     * @param process the binding it is issued on
     */
    public ModulePass(
            TicketAuthority authority, Supplier<SignedTicket> ticket, ChannelBinding process) {
        this.authority = authority;
        this.ticket = ticket;
        this.process = process;
        this.held = admit(ticket.get());
    }

    /** The admission of the current ticket. */
    @SuppressWarnings("ReferenceEquality") // another object is another ticket, whatever it says
    public Outcome<Admission> admission() {
        Held now = held;
        SignedTicket current = ticket.get();
        if (now.ticket != current || !(now.admission instanceof Outcome.Done)) {
            now = admit(current);
            held = now;
        }
        return now.admission;
    }

    /** The current ticket, for calls that check it themselves. */
    public SignedTicket ticket() {
        return ticket.get();
    }

    /** The binding it is issued on. */
    public ChannelBinding process() {
        return process;
    }

    private Held admit(SignedTicket current) {
        return new Held(current, authority.admit(current, process));
    }
}
