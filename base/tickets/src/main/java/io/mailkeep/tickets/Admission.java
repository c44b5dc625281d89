package io.mailkeep.tickets;

import java.util.Comparator;
import java.util.Optional;

/**
 * A checked pair of tickets on one connection: signatures, validity and binding were verified once;
 * each use then costs the epoch check alone. Made by {@link TicketAuthority} only.
 */
public final class Admission {
    private final Optional<Ticket> person;
    private final Ticket.Module module;

    Admission(Optional<Ticket> person, Ticket.Module module) {
        this.person = person;
        this.module = module;
    }

    /** The user's or delegate's ticket; empty for a module on its own. */
    public Optional<Ticket> person() {
        return person;
    }

    /** The module's ticket. */
    public Ticket.Module module() {
        return module;
    }

    /**
     * An operation that both tickets have: for telling whether they are alive, whatever each of
     * them is for. Empty if they share none, or there is no person.
     */
    public Optional<Operation> shared() {
        return person.flatMap(ticket ->
                ticket.operations().stream()
                        .filter(module.operations()::contains)
                        .min(Comparator.naturalOrder()));
    }
}
