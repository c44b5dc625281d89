package io.mailkeep.node.internal;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.TicketIssuer;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The tickets of this process' modules ({@code DAT-3}): each has the operations it needs and no
 * other, and whoever asks for one gets it long before it expires, by the clock that judges it, also
 * when that one was set ahead ({@code FLT-29}). What a module may do stands in one table, here.
 */
final class ModuleTickets {
    private static final Duration RENEWED_AFTER = Duration.ofMinutes(5);

    /** Rights by module. */
    private static final Map<String, Set<Operation>> RIGHTS =
            Map.of(
                    "smtp",
                    Set.of(
                            Operation.RESOLVE,
                            Operation.DELIVER,
                            Operation.SIGN_IN,
                            Operation.SUBMIT),
                    "imap",
                    Set.of(
                            Operation.SIGN_IN,
                            Operation.READ,
                            Operation.FLAG,
                            Operation.WRITE,
                            Operation.EXPUNGE,
                            Operation.FOLDERS),
                    "api",
                    Set.of(
                            Operation.DIRECTORY,
                            Operation.KEYS,
                            Operation.AUDIT,
                            Operation.CLAIMS,
                            Operation.RESOLVE),
                    "maintenance",
                    Set.of(Operation.MAINTAIN, Operation.RESOLVE));

    private final TicketIssuer issuer;
    private final Epochs epochs;
    private final UUID node;
    private final Time time;
    private final ChannelBinding process;
    private final Map<String, SignedTicket> current = new HashMap<>();
    private Instant due = Instant.MIN;

    ModuleTickets(TicketIssuer issuer, Epochs epochs, Randomness randomness, Time time) {
        this.issuer = issuer;
        this.epochs = epochs;
        this.node = randomness.uuid();
        this.time = time;
        this.process = new ChannelBinding(randomness.bytes(32));
    }

    /** The current ticket of a module, whenever it is asked. */
    Supplier<SignedTicket> of(String module) {
        return () -> current(module);
    }

    private synchronized SignedTicket current(String module) {
        Instant now = time.instant();
        if (!now.isBefore(due)) {
            RIGHTS.forEach((name, operations) -> current.put(name, issued(name, operations)));
            due = now.plus(RENEWED_AFTER);
        }
        return Objects.requireNonNull(current.get(module));
    }

    private SignedTicket issued(String module, Set<Operation> operations) {
        long epoch = epochs.current(Ticket.Module.subjectOf(module));
        return issuer.module(module, node, operations, epoch, process);
    }

    /** What every module's ticket is bound to: random bytes of this process. */
    ChannelBinding process() {
        return process;
    }
}
