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
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The tickets of this process' modules ({@code DAT-3}): each has the operations it needs and no
 * other, and is renewed well before it expires, by the clock that judges it: also at once when that
 * one was set ahead ({@code FLT-29}). What a module may do stands in one table, here.
 */
final class ModuleTickets implements AutoCloseable {
    private static final Duration RENEW_EVERY = Duration.ofMinutes(5);
    private static final Duration RENEW_AT_LAST = RENEW_EVERY.multipliedBy(2);

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
    private final Map<String, SignedTicket> current = new ConcurrentHashMap<>();
    private volatile Instant renewAtLast = Instant.MAX;
    private final Thread renewal;

    ModuleTickets(TicketIssuer issuer, Epochs epochs, Randomness randomness, Time time) {
        this.issuer = issuer;
        this.epochs = epochs;
        this.node = randomness.uuid();
        this.time = time;
        this.process = new ChannelBinding(randomness.bytes(32));
        renew();
        this.renewal =
                Thread.ofVirtual()
                        .name("module-tickets")
                        .start(() -> {
                            try {
                                while (true) {
                                    time.sleep(RENEW_EVERY);
                                    renew();
                                }
                            } catch (InterruptedException stopped) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    private synchronized void renew() {
        Instant now = time.instant();
        RIGHTS.forEach((module, operations) ->
                current.put(
                        module,
                        issuer.module(
                                module,
                                node,
                                operations,
                                epochs.current(Ticket.Module.subjectOf(module)),
                                process)));
        renewAtLast = now.plus(RENEW_AT_LAST);
    }

    /** The current ticket of a module, whenever it is asked. */
    Supplier<SignedTicket> of(String module) {
        return () -> {
            if (!time.instant().isBefore(renewAtLast)) {
                renew();
            }
            return current.get(module);
        };
    }

    /** What every module's ticket is bound to: random bytes of this process. */
    ChannelBinding process() {
        return process;
    }

    @Override
    public void close() {
        renewal.interrupt();
    }
}
