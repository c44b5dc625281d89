package io.mailkeep.transport;

import io.mailkeep.identity.Recipient;
import io.mailkeep.identity.Resolution;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.QueueId;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Delivery;
import io.mailkeep.mailbox.Dropbox;
import io.mailkeep.mailbox.Flags;
import io.mailkeep.mailbox.Incoming;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.message.Outline;
import io.mailkeep.message.OutlineLimits;
import io.mailkeep.segments.Clear;
import io.mailkeep.tickets.Access;
import io.mailkeep.transport.internal.Authors;
import io.mailkeep.transport.internal.HeaderFilter;
import io.mailkeep.transport.internal.TraceFields;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message of one sender to its recipients.
 *
 * <p>A mailbox gets one copy, by however many of its addresses it was named ({@code ATK-10}).
 *
 * <p>Where all recipients get one answer ({@link #deliver}) and some copies are durable and others
 * aren't, it is a temporary one: the client's retry brings a second copy to the former, and no
 * recipient is lost in silence. Where each gets its own ({@link #deliverEach}), none depends on
 * another.
 */
@Claim({"ATK-10", "ATK-13", "DAT-3"})
public final class Transaction {
    private static final Logger log = LoggerFactory.getLogger(Transaction.class);

    private final Intake intake;
    private final Origin origin;
    private final Optional<EmailAddress> sender;
    private final QueueId id;
    private final Map<MailboxId, Target> targets = new LinkedHashMap<>();

    /** For each recipient that was taken, in order, where it goes. */
    private final List<MailboxId> taken = new ArrayList<>();

    /**
     * A mailbox that gets a copy.
     *
     * @param address it was named by; empty if by several
     */
    private record Target(Recipient recipient, CopyId copy, Optional<EmailAddress> address) {}

    Transaction(Intake intake, Origin origin, Optional<EmailAddress> sender, QueueId id) {
        this.intake = intake;
        this.origin = origin;
        this.sender = sender;
        this.id = id;
    }

    /** Names the message in replies, logs, trace fields and on the audit log. */
    public QueueId id() {
        return id;
    }

    /** Recipients that were taken; who was named twice counts twice. */
    public int recipients() {
        return taken.size();
    }

    /** Adds a recipient; a problem if it can't be one. Naming one twice is fine. */
    public Optional<Problem> recipient(EmailAddress address) {
        if (taken.size() >= intake.limits().recipients()) {
            return Optional.of(
                    Problem.malformed(
                            452,
                            "4.5.3",
                            "Too many recipients: at most "
                                    + intake.limits().recipients()
                                    + " in one transaction"));
        }
        return add(address, resolved(address).then(this::localOnly));
    }

    /**
     * Adds whoever answers for this server (RFC 5321 4.5.1): the postmaster of its host name, or of
     * the domain above it.
     */
    public Optional<Problem> postmaster() {
        String host = intake.hostName();
        Optional<EmailAddress> here = EmailAddress.parse("postmaster@" + host);
        Optional<EmailAddress> above =
                EmailAddress.parse("postmaster@" + host.substring(host.indexOf('.') + 1));
        Optional<EmailAddress> one =
                Stream.of(here, above).flatMap(Optional::stream).filter(this::isLocal).findFirst();
        return one.map(this::recipient).orElseGet(() -> Optional.of(nobody()));
    }

    private boolean isLocal(EmailAddress address) {
        return resolved(address) instanceof Outcome.Done<Resolution>(Resolution.Local _);
    }

    /** While nobody can be looked up, since the keys are sealed say, that is told (ATK-103). */
    private Outcome<Resolution> resolved(EmailAddress address) {
        try {
            return intake.rooms().resolve().apply(address);
        } catch (Unavailable away) {
            // without the queue id: equal refusals are folded
            Map<String, String> why = Map.of("detail", away.problem().detail());
            intake.refused(origin, "unavailable", why);
            throw away;
        }
    }

    private Optional<Problem> add(EmailAddress address, Outcome<Recipient> found) {
        return switch (found) {
            case Outcome.Done<Recipient>(Recipient recipient) -> {
                taken.add(recipient.mailbox());
                targets.merge(
                        recipient.mailbox(),
                        new Target(
                                recipient,
                                new CopyId(intake.randomness().uuid()),
                                Optional.of(address)),
                        (first, again) ->
                                first.address().equals(again.address())
                                        ? first
                                        : new Target(
                                                first.recipient(), first.copy(), Optional.empty()));
                yield Optional.empty();
            }
            case Outcome.Deferred<Recipient>(Problem problem) -> Optional.of(problem);
            case Outcome.Refused<Recipient>(Problem problem) -> Optional.of(problem);
        };
    }

    /** A place for the body. */
    public Arrival arrival() {
        return new Arrival(
                intake.spool().writer(),
                intake.hostName(),
                intake.limits(),
                this::noRight,
                intake.time());
    }

    /**
     * Delivers the message, complete as it arrived. Done: every copy is durable, its audit entry
     * too. When a recipient is known to get none, nobody does. Whoever signed in must still have
     * the right to send: that they had it when the message began, which may be long ago, doesn't
     * count ({@code ATK-86}).
     */
    public Outcome<QueueId> deliver(Arrival arrival) throws IOException {
        return told(
                judged(arrival)
                        .then(message -> {
                            Map<MailboxId, Outcome<Access>> admitted = admitted();
                            return together(admitted.values())
                                    .then(_ -> together(dropped(message, admitted).values()));
                        }));
    }

    /**
     * Delivers the message, complete as it arrived, to each recipient for itself (RFC 2033 4.2):
     * whether one gets a copy changes nothing for another.
     *
     * @return the outcomes of all {@link #recipients}, in the order in which they were taken; for a
     *     mailbox that was named twice the same one
     */
    public List<Outcome<QueueId>> deliverEach(Arrival arrival) throws IOException {
        return switch (judged(arrival)) {
            case Outcome.Done<Judged>(Judged message) -> {
                Map<MailboxId, Outcome<QueueId>> outcomes = dropped(message, admitted());
                outcomes.values().forEach(this::told);
                yield taken.stream().map(mailbox -> of(outcomes, mailbox)).toList();
            }
            case Outcome.Deferred<Judged>(Problem problem) -> sameForAll(problem);
            case Outcome.Refused<Judged>(Problem problem) -> sameForAll(problem);
        };
    }

    private List<Outcome<QueueId>> sameForAll(Problem problem) {
        return Collections.nCopies(taken.size(), told(Outcome.failed(problem)));
    }

    /**
     * A message that may be delivered.
     *
     * @param removed fields that were taken out of its header
     */
    private record Judged(Incoming message, int removed) {}

    /** Whether the message may be delivered, whoever it is for. */
    private Outcome<Judged> judged(Arrival arrival) throws IOException {
        Optional<Problem> against =
                arrival.problem().or(() -> intake.rooms().gate().get()).or(this::noRight);
        if (against.isPresent()) {
            return Outcome.failed(against.get());
        }
        Clear body = arrival.finish();
        against = arrival.header().problem().or(() -> notOwn(arrival.header()));
        if (against.isPresent()) {
            return Outcome.failed(against.get());
        }
        try (InputStream bytes = body.open()) {
            Outline outline = Outline.of(bytes, OutlineLimits.STANDARD);
            return Outcome.done(
                    new Judged(
                            new Incoming(DataClass.SENSITIVE, body, outline),
                            arrival.header().removed()));
        }
    }

    /** Why whoever signed in may not send any more; empty for strangers. */
    private Optional<Problem> noRight() {
        return origin.submitter()
                .flatMap(person ->
                        switch (person.right().get()) {
                            case Outcome.Done<Access> _ -> Optional.empty();
                            case Outcome.Deferred<Access>(Problem problem) -> Optional.of(problem);
                            case Outcome.Refused<Access>(Problem problem) -> Optional.of(problem);
                        });
    }

    private Outcome<Recipient> localOnly(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Local(Recipient recipient) -> Outcome.done(recipient);
            case Resolution.NoSuchRecipient() -> Outcome.failed(nobody());
            case Resolution.Outside() -> Outcome.failed(outside());
        };
    }

    private static Problem nobody() {
        return Problem.malformed(550, "5.1.1", "There is no such recipient here");
    }

    private Problem outside() {
        if (origin.submitter().isPresent()) {
            return Problem.denied(
                    "Outbound delivery isn't built yet: this server delivers to its own companies'"
                            + " addresses only",
                    "outside recipient");
        }
        intake.refused(origin, "relay denied", Map.of("queueId", id.value()));
        return Problem.denied("Relay access denied: no domain of this server", "relay denied");
    }

    /** RFC 6409 6.1, 8.1: the header may name nobody else as author or sender. */
    private Optional<Problem> notOwn(HeaderFilter header) {
        if (origin.submitter().isEmpty()) {
            return Optional.empty();
        }
        if (!header.wellFormed()) {
            return Optional.of(
                    Problem.malformed(
                            550, "5.6.0", "The header is malformed: a line of it is no field"));
        }
        if (header.from().size() > 1 || header.sender().size() > 1) {
            return Optional.of(
                    Problem.malformed(
                            550, "5.6.0", "The header has more than one From or Sender field"));
        }
        Submitter submitter = origin.submitter().get();
        for (String value : header.from()) {
            if (!Authors.own(value, submitter::owns)) {
                return Optional.of(foreign("From"));
            }
        }
        for (String value : header.sender()) {
            if (!Authors.own(value, submitter::owns)) {
                return Optional.of(foreign("Sender"));
            }
        }
        return Optional.empty();
    }

    private Problem foreign(String field) {
        return Problem.denied(
                "The " + field + " field must name your own addresses only", field + " not own");
    }

    /** Whether mail may be put into each mailbox now. */
    private Map<MailboxId, Outcome<Access>> admitted() {
        Map<MailboxId, Outcome<Access>> admitted = new LinkedHashMap<>();
        targets.forEach((mailbox, target) -> {
            Outcome<Access> access = intake.rooms().admit().apply(target.recipient().standing());
            admitted.put(
                    mailbox,
                    access instanceof Outcome.Refused<Access>(Problem problem)
                            ? Outcome.failed(askedAgain("The mailbox changed meanwhile", problem))
                            : access);
        });
        return admitted;
    }

    /**
     * A recipient changed or vanished between RCPT and now: the RCPT of a retry will tell which.
     */
    private static Problem askedAgain(String text, Problem problem) {
        return Problem.temporary(text + "; try again later", problem.detail());
    }

    /** Puts a copy into each mailbox that may have one; what became of each, in their order. */
    private Map<MailboxId, Outcome<QueueId>> dropped(
            Judged message, Map<MailboxId, Outcome<Access>> admitted) {
        Problem unanswered = Problem.temporary("Not delivered; try again later", "no answer");
        Instant now = intake.time().instant();
        List<MailboxId> mailboxes = new ArrayList<>();
        List<Delivery> deliveries = new ArrayList<>();
        Map<MailboxId, Outcome<QueueId>> outcomes = new LinkedHashMap<>();
        admitted.forEach((mailbox, decided) -> {
            outcomes.put(mailbox, decided.then(_ -> Outcome.failed(unanswered)));
            if (decided instanceof Outcome.Done<Access>(Access access)) {
                mailboxes.add(mailbox);
                deliveries.add(delivery(message, of(targets, mailbox), access, now));
            }
        });
        if (deliveries.isEmpty()) {
            return outcomes;
        }
        List<Outcome<Dropbox.Receipt>> answers = intake.rooms().deliver().apply(deliveries);
        int copies = 0;
        for (int i = 0; i < answers.size(); i++) {
            outcomes.put(mailboxes.get(i), answers.get(i).map(_ -> id));
            copies += answers.get(i) instanceof Outcome.Done<Dropbox.Receipt> ? 1 : 0;
        }
        if (copies > 0) {
            log.atInfo()
                    .addKeyValue("queueId", id)
                    .addKeyValue("service", origin.service())
                    .addKeyValue("copies", copies)
                    .addKeyValue("octets", message.message().body().size())
                    .log("delivered");
        }
        return outcomes;
    }

    private Delivery delivery(Judged judged, Target target, Access access, Instant now) {
        Map<String, String> facts = new HashMap<>();
        facts.put("queueId", id.value());
        facts.put("service", origin.service());
        if (judged.removed() > 0) {
            facts.put("fieldsRemoved", Integer.toString(judged.removed()));
        }
        return new Delivery(
                access,
                target.copy(),
                Optional.empty(),
                judged.message(),
                TraceFields.of(origin, sender, id, intake.hostName(), target.address(), now),
                Flags.NONE,
                now,
                Optional.of(target.recipient().standing()),
                facts);
    }

    /** One outcome for all: what trying again may mend counts for more than what it won't. */
    private <T> Outcome<QueueId> together(Collection<Outcome<T>> each) {
        int done = 0;
        Optional<Problem> worst = Optional.empty();
        for (Outcome<T> one : each) {
            switch (one) {
                case Outcome.Done<T> _ -> done++;
                case Outcome.Deferred<T>(Problem problem) -> worst = Optional.of(problem);
                case Outcome.Refused<T>(Problem problem) ->
                        worst = worst.or(() -> Optional.of(problem));
            }
        }
        if (worst.isEmpty()) {
            return Outcome.done(id);
        }
        boolean some = done > 0 && worst.get().reply() >= 500;
        return Outcome.failed(
                some ? askedAgain("Not delivered to every recipient", worst.get()) : worst.get());
    }

    /** Log and audit log hear why nothing came of it; the former only, where it is our doing. */
    private Outcome<QueueId> told(Outcome<QueueId> outcome) {
        switch (outcome) {
            case Outcome.Done<QueueId> _ -> {
                // told where the copies were put
            }
            case Outcome.Deferred<QueueId>(Problem problem) -> tell(problem);
            case Outcome.Refused<QueueId>(Problem problem) -> tell(problem);
        }
        return outcome;
    }

    private void tell(Problem problem) {
        log.atInfo()
                .addKeyValue("queueId", id)
                .addKeyValue("service", origin.service())
                .addKeyValue("reply", problem.reply())
                .addKeyValue("enhanced", problem.enhanced())
                .log(problem.detail());
        if (problem.fault() != Problem.Fault.OURS) {
            intake.refused(
                    origin,
                    problem.detail(),
                    Map.of(
                            "queueId",
                            id.value(),
                            "reply",
                            Integer.toString(problem.reply()),
                            "enhanced",
                            problem.enhanced()));
        }
    }

    private static <V> V of(Map<MailboxId, V> all, MailboxId mailbox) {
        return Objects.requireNonNull(all.get(mailbox));
    }
}
