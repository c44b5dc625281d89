package io.mailkeep.tickets;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where it is decided who may touch what ({@code DAT-3}). Refusals stand on the audit
 * log with their reason; the refused learns only that it is refused.
 *
 * <p>No input makes it throw; when the epochs can't be read the answer is deferred, never granted.
 * A signature is verified once, at admission; each decision after costs two looks at epoch and
 * clock.
 */
@Claim({"DAT-3", "ATK-81", "ATK-82", "ATK-83", "ATK-84", "ATK-85", "ATK-86"})
public final class TicketAuthority {
    private static final Logger log = LoggerFactory.getLogger(TicketAuthority.class);
    private static final Duration LIFE_MAX = Duration.ofDays(1);

    /** What a module may do on its own; content needs a person, delivery a standing ticket. */
    private static final Set<Operation> ALONE =
            EnumSet.of(
                    Operation.RESOLVE,
                    Operation.SIGN_IN,
                    Operation.DIRECTORY,
                    Operation.KEYS,
                    Operation.AUDIT,
                    Operation.MAINTAIN,
                    Operation.CLAIMS);

    private final Supplier<PublicKey> key;
    private final Epochs epochs;
    private final Trail trail;
    private final TicketClock clock;
    private final Forgeries forgeries;

    /** Why something was refused; stands on the audit log and is never told to the refused. */
    private enum Reason {
        MALFORMED,
        SIGNATURE,
        NOT_YET_VALID,
        EXPIRED,
        LIVES_TOO_LONG,
        BINDING,
        REVOKED,
        NOT_A_PERSON,
        NOT_A_MODULE,
        NO_PERSON,
        PERSON_LACKS_OPERATION,
        MODULE_LACKS_OPERATION,
        NEEDS_A_PERSON,
        STANDING_WITHDRAWN
    }

    /**
     * @param key the public half of the key that the keys room signs tickets with
     * @param time best a {@link TicketClock} that the keys room stamps tickets with, too
     */
    public TicketAuthority(Supplier<PublicKey> key, Epochs epochs, Trail trail, Time time) {
        this.key = key;
        this.epochs = epochs;
        this.trail = trail;
        this.clock = TicketClock.guarding(time);
        this.forgeries = new Forgeries(time);
    }

    /** Checks a person's and a module's ticket for one connection. */
    public Outcome<Admission> admit(
            SignedTicket person,
            SignedTicket module,
            ChannelBinding channel,
            ChannelBinding process) {
        return deferring(() ->
                check(module, process)
                        .then(checked -> asModule(checked))
                        .then(holder ->
                                check(person, channel)
                                        .then(checked -> asPerson(checked, holder))
                                        .map(who -> new Admission(Optional.of(who), holder))));
    }

    /** Checks a module's ticket alone: for work that no person asks for. */
    public Outcome<Admission> admit(SignedTicket module, ChannelBinding process) {
        return deferring(() ->
                check(module, process)
                        .then(checked -> asModule(checked))
                        .map(holder -> new Admission(Optional.empty(), holder)));
    }

    /**
     * Decides on one operation in the admitted person's mailbox: both tickets must allow it and be
     * live.
     */
    public Outcome<Access> decide(Admission admission, Operation operation) {
        return deferring(() -> decided(admission, operation));
    }

    private Outcome<Access> decided(Admission admission, Operation operation) {
        Ticket.Module module = admission.module();
        Optional<Ticket> holder = admission.person();
        if (holder.isEmpty()) {
            return refuse(Reason.NO_PERSON, Optional.of(module), holder, operation.name());
        }
        Ticket person = holder.get();
        Optional<Reason> against = notLive(person).or(() -> notLive(module));
        if (against.isEmpty() && !person.operations().contains(operation)) {
            against = Optional.of(Reason.PERSON_LACKS_OPERATION);
        }
        if (against.isEmpty() && !module.operations().contains(operation)) {
            against = Optional.of(Reason.MODULE_LACKS_OPERATION);
        }
        if (against.isPresent()) {
            return refuse(against.get(), Optional.of(module), holder, operation.name());
        }
        BooleanSupplier live = () -> notLive(person).isEmpty() && notLive(module).isEmpty();
        return Outcome.done(
                switch (person) {
                    case Ticket.User user ->
                            new Access(
                                    user.tenant(),
                                    Optional.of(user.mailbox()),
                                    Optional.of(user.account()),
                                    module.module(),
                                    Set.of(operation),
                                    user.id(),
                                    live);
                    case Ticket.Delegate delegate ->
                            new Access(
                                    delegate.tenant(),
                                    Optional.of(delegate.mailbox()),
                                    Optional.of(delegate.account()),
                                    module.module(),
                                    Set.of(operation),
                                    delegate.id(),
                                    live);
                    case Ticket.Module never ->
                            throw new IllegalStateException("a module admitted as a person");
                });
    }

    /** Decides on putting a message into a mailbox by its standing delivery ticket. */
    public Outcome<Access> decideDelivery(Admission admission, Standing standing) {
        return deferring(() -> {
            Ticket.Module module = admission.module();
            UUID mailbox = standing.mailbox().value();
            Optional<Reason> against = notLive(module);
            if (against.isEmpty() && !module.operations().contains(Operation.DELIVER)) {
                against = Optional.of(Reason.MODULE_LACKS_OPERATION);
            }
            if (against.isEmpty() && standing.epoch() < epochs.current(mailbox)) {
                against = Optional.of(Reason.STANDING_WITHDRAWN);
            }
            if (against.isPresent()) {
                return refuse(
                        against.get(), Optional.of(module), Optional.empty(), "DELIVER " + mailbox);
            }
            return Outcome.done(
                    new Access(
                            standing.tenant(),
                            Optional.of(standing.mailbox()),
                            Optional.empty(),
                            module.module(),
                            Set.of(Operation.DELIVER),
                            module.id(),
                            () ->
                                    notLive(module).isEmpty()
                                            && standing.epoch() >= epochs.current(mailbox)));
        });
    }

    /**
     * Decides on work of a module of its own in one tenant: resolving, directory, keys, audit,
     * maintenance. With {@link Event#INSTALLATION} it is installation-wide.
     */
    public Outcome<Access> decideModule(Admission admission, Operation operation, TenantId tenant) {
        return deferring(() -> {
            Ticket.Module module = admission.module();
            Optional<Reason> against = notLive(module);
            if (against.isEmpty() && !ALONE.contains(operation)) {
                against = Optional.of(Reason.NEEDS_A_PERSON);
            }
            if (against.isEmpty() && !module.operations().contains(operation)) {
                against = Optional.of(Reason.MODULE_LACKS_OPERATION);
            }
            if (against.isPresent()) {
                return refuse(
                        against.get(),
                        Optional.of(module),
                        Optional.empty(),
                        operation + " " + tenant);
            }
            return Outcome.done(
                    new Access(
                            tenant,
                            Optional.empty(),
                            Optional.empty(),
                            module.module(),
                            Set.of(operation),
                            module.id(),
                            () -> notLive(module).isEmpty()));
        });
    }

    private static <T> Outcome<T> deferring(Supplier<Outcome<T>> decision) {
        try {
            return decision.get();
        } catch (Unavailable away) {
            return Outcome.failed(away.problem());
        }
    }

    private Outcome<Ticket> check(SignedTicket signed, ChannelBinding presented) {
        Optional<Ticket> decoded = TicketCodec.decode(signed.encoded());
        if (decoded.isEmpty()) {
            return refuse(Reason.MALFORMED, Optional.empty(), Optional.empty(), "admission");
        }
        if (!TicketCodec.signedBy(key.get(), signed)) {
            return refuse(Reason.SIGNATURE, Optional.empty(), Optional.empty(), "admission");
        }
        Ticket ticket = decoded.get();
        Optional<Reason> against = notLive(ticket);
        if (against.isEmpty()
                && Duration.between(ticket.notBefore(), ticket.expires()).compareTo(LIFE_MAX) > 0) {
            against = Optional.of(Reason.LIVES_TOO_LONG);
        }
        if (against.isEmpty() && !MessageDigest.isEqual(ticket.binding(), presented.digest())) {
            against = Optional.of(Reason.BINDING);
        }
        if (against.isPresent()) {
            return refuse(against.get(), Optional.empty(), Optional.of(ticket), "admission");
        }
        return Outcome.done(ticket);
    }

    private Optional<Reason> notLive(Ticket ticket) {
        Instant now = clock.instant();
        if (now.isBefore(ticket.notBefore())) {
            return Optional.of(Reason.NOT_YET_VALID);
        }
        if (!now.isBefore(ticket.expires())) {
            return Optional.of(Reason.EXPIRED);
        }
        return ticket.epoch() < epochs.current(ticket.subject())
                ? Optional.of(Reason.REVOKED)
                : Optional.empty();
    }

    private Outcome<Ticket.Module> asModule(Ticket ticket) {
        return switch (ticket) {
            case Ticket.Module module -> Outcome.done(module);
            case Ticket.User user ->
                    refuse(Reason.NOT_A_MODULE, Optional.empty(), Optional.of(user), "admission");
            case Ticket.Delegate delegate ->
                    refuse(
                            Reason.NOT_A_MODULE,
                            Optional.empty(),
                            Optional.of(delegate),
                            "admission");
        };
    }

    private Outcome<Ticket> asPerson(Ticket ticket, Ticket.Module module) {
        return switch (ticket) {
            case Ticket.User user -> Outcome.done(user);
            case Ticket.Delegate delegate -> Outcome.done(delegate);
            case Ticket.Module another ->
                    refuse(
                            Reason.NOT_A_PERSON,
                            Optional.of(module),
                            Optional.of(another),
                            "admission");
        };
    }

    /** The one shape of every refusal; the reason goes to the audit log alone. */
    private <T> Outcome<T> refuse(
            Reason reason, Optional<Ticket.Module> module, Optional<Ticket> holder, String object) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("reason", reason.name());
        module.ifPresent(it -> facts.put("module", it.module()));
        module.ifPresent(it -> facts.put("moduleTicket", it.id().toString()));
        holder.ifPresent(it -> facts.put("ticket", it.id().toString()));
        if (clock.setBack()) {
            facts.put("clock", "set back");
        }
        Event event =
                Event.refused(
                        EventType.TICKET_DECISION,
                        holder.map(TicketAuthority::tenant).orElse(Event.INSTALLATION),
                        holder.or(() -> module).map(TicketAuthority::actor).orElse("unverified"),
                        object,
                        facts);
        record(event, reason);
        if (reason == Reason.MALFORMED || reason == Reason.SIGNATURE) {
            forgeries.came().ifPresent(count -> alert(count, reason));
        }
        return Outcome.failed(Problem.denied("You are not allowed to do this.", reason.name()));
    }

    private void record(Event event, Reason reason) {
        try {
            trail.record(event);
        } catch (RuntimeException unrecorded) {
            // A refusal stays one even when it can't be told: never the other way round.
            log.atError()
                    .addKeyValue("reason", reason)
                    .setCause(unrecorded)
                    .log("A refusal could not be put on the audit log.");
        }
    }

    private void alert(long count, Reason last) {
        log.atWarn()
                .addKeyValue("count", count)
                .addKeyValue("last", last)
                .log("Forged tickets: somebody inside of the machine may be trying");
        Map<String, String> facts = Map.of("count", Long.toString(count), "last", last.name());
        record(
                Event.refused(
                        EventType.TICKETS_FORGED,
                        Event.INSTALLATION,
                        "unverified",
                        "admission",
                        facts),
                last);
    }

    private static TenantId tenant(Ticket ticket) {
        return switch (ticket) {
            case Ticket.User user -> user.tenant();
            case Ticket.Delegate delegate -> delegate.tenant();
            case Ticket.Module module -> Event.INSTALLATION;
        };
    }

    private static String actor(Ticket ticket) {
        return switch (ticket) {
            case Ticket.User user -> user.account().toString();
            case Ticket.Delegate delegate -> delegate.account().toString();
            case Ticket.Module module -> "module:" + module.module();
        };
    }
}
