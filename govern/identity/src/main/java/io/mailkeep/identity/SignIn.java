package io.mailkeep.identity;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.identity.internal.AccountRow;
import io.mailkeep.identity.internal.AccountRows;
import io.mailkeep.identity.internal.Lookup;
import io.mailkeep.identity.internal.NotSignedIn;
import io.mailkeep.identity.internal.OwnersTold;
import io.mailkeep.identity.internal.Passwords;
import io.mailkeep.identity.internal.SealedText;
import io.mailkeep.identity.internal.Throttle;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Classified;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.SessionId;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.keys.TicketIssuer;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Ticket;
import io.mailkeep.tickets.TicketAuthority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Checks who somebody is. Unknown user, wrong password, disabled account and account without a
 * password look and take the same ({@code ATK-68}); each attempt stands on the audit log, durable
 * before its answer. (Attempts that the throttle turns away are told at the first, second, fourth,
 * eighth … of a window, with their number: a flood of them must not fill the log.)
 *
 * <p>Not protected: whoever watches many answers may see the database's own variance; Argon2 covers
 * it, but isn't constant time to the microsecond.
 */
@Claim({"ACC-1", "ATK-65", "ATK-68", "ATK-69", "ATK-77"})
public final class SignIn {
    private static final Set<Operation> OPERATIONS =
            EnumSet.of(
                    Operation.SUBMIT,
                    Operation.READ,
                    Operation.FLAG,
                    Operation.WRITE,
                    Operation.EXPUNGE,
                    Operation.FOLDERS);

    private static final int TOLD_NAME = 254;

    private final RoomDatabase database;
    private final ReadingKeys keys;
    private final TicketIssuer issuer;
    private final TicketAuthority authority;
    private final Epochs epochs;
    private final Trail trail;
    private final Time time;
    private final Randomness randomness;
    private final Lookup lookup;
    private final Throttle throttle;
    private final SignInLimits limits;
    private final OwnersTold owners;
    private volatile Consumer<Guesses> teller = _ -> {};

    /** One for all protocols of a node, so that their failures are counted together. */
    public SignIn(
            RoomDatabase database,
            ReadingKeys keys,
            TicketIssuer issuer,
            TicketAuthority authority,
            Epochs epochs,
            Trail trail,
            Time time,
            Randomness randomness,
            SignInLimits limits) {
        this.database = database;
        this.keys = keys;
        this.issuer = issuer;
        this.authority = authority;
        this.epochs = epochs;
        this.trail = trail;
        this.time = time;
        this.randomness = randomness;
        this.lookup = new Lookup(database, keys);
        this.throttle = new Throttle(limits, time);
        this.limits = limits;
        this.owners = new OwnersTold(limits.entries(), time);
    }

    /**
     * From now on this is told of names that are guessed at, each once a day, whether they are
     * anybody's or not. It must not wait: how long an answer takes would tell which ({@code
     * ATK-68}).
     */
    public void tellOwners(Consumer<Guesses> owner) {
        teller = owner;
    }

    private record Attempt(
            String name,
            Optional<EmailAddress> address,
            String counted,
            String module,
            String remote) {}

    /** What an attempt is checked against; all empty for nobody. */
    private record Candidate(
            Optional<Lookup.Found> found,
            Optional<TicketIssuer.Claims> claims,
            Optional<Classified<byte[]>> verifier) {}

    /**
     * Checks a name and password given over TLS; the password is checked by the keys room itself,
     * which signs the ticket.
     *
     * @param module the protocol's module ticket, {@code process} the binding it was issued on
     * @param channel the connection the user ticket will be bound to
     * @param remote the client's network address, for the audit log
     * @throws Unavailable while the keys are sealed or the database is away: nobody can sign in
     *     then
     */
    public Outcome<SignedIn> password(
            SignedTicket module,
            ChannelBinding process,
            String name,
            Secret password,
            ChannelBinding channel,
            String remote) {
        return authority
                .admit(module, process)
                .then(admission -> {
                    Optional<EmailAddress> address =
                            name.length() > 4 * TOLD_NAME
                                    ? Optional.empty()
                                    : EmailAddress.parse(name);
                    String told = name.substring(0, Math.min(name.length(), TOLD_NAME));
                    String counted =
                            address.map(EmailAddress::lookupForm)
                                    .orElse(told.toLowerCase(Locale.ROOT));
                    var attempt =
                            new Attempt(
                                    told, address, counted, admission.module().module(), remote);
                    return switch (throttle.begin(counted, remote)) {
                        case Throttle.Verdict.TurnedAway(int times, boolean ofName) -> {
                            if (ofName) {
                                tellOwner(attempt);
                            }
                            yield turnedAway(attempt, times);
                        }
                        case Throttle.Verdict.Busy() -> Outcome.failed(NotSignedIn.AT_ONCE);
                        case Throttle.Verdict.Go go ->
                                counted(attempt, admission, password, channel, go);
                    };
                });
    }

    /**
     * The same right for 15 more minutes on the same connection, checked against the account as it
     * is now: refused once it is disabled or its sessions were ended. No password is needed.
     *
     * @param admission of a person, from {@link
     *     io.mailkeep.tickets.TicketAuthority#admit(SignedTicket, SignedTicket, ChannelBinding,
     *     ChannelBinding)}
     */
    public Outcome<SignedTicket> renew(Admission admission) {
        return own(admission)
                .then(own -> {
                    // the epoch first: an account disabled after this line raises it, and the
                    // ticket is dead
                    long epoch = epochs.current(own.account().value());
                    return own.epoch() == epoch && isEnabled(own)
                            ? Outcome.done(issuer.renew(own, epoch))
                            : refusedTicket(own, "renewal");
                });
    }

    /**
     * A ticket for another's mailbox of the same company, if the access control list has a row (RFC
     * 4314): own identity, their mailbox, the rights of the row and no more than the own ticket.
     */
    public Outcome<SignedTicket> delegate(Admission admission, MailboxId mailbox) {
        return own(admission)
                .then(own -> {
                    long epoch = epochs.current(own.account().value());
                    String rights =
                            database.reading(
                                    own.tenant(),
                                    tx ->
                                            AccountRows.rights(
                                                    tx, own.tenant(), mailbox, own.account()));
                    Set<Operation> operations = operations(rights);
                    operations.retainAll(own.operations());
                    if (operations.isEmpty() || own.epoch() != epoch || !isEnabled(own)) {
                        return refusedTicket(own, "delegate " + mailbox);
                    }
                    return Outcome.done(issuer.delegate(own, mailbox, operations, epoch));
                });
    }

    private Outcome<SignedIn> counted(
            Attempt attempt,
            Admission admission,
            Secret password,
            ChannelBinding channel,
            Throttle.Verdict.Go go) {
        boolean decided = false;
        try {
            Outcome<SignedIn> outcome = check(attempt, admission, password, channel);
            switch (outcome) {
                case Outcome.Done<SignedIn> _ -> {
                    throttle.succeeded(go.charge());
                    decided = true;
                }
                case Outcome.Refused<SignedIn> _ -> {
                    throttle.failed(go.charge());
                    decided = true;
                    pause(go.delay());
                }
                case Outcome.Deferred<SignedIn> _ -> {}
            }
            return outcome;
        } catch (Unavailable away) {
            notTried(attempt, away);
            throw away;
        } finally {
            if (!decided) {
                throttle.undecided(go.charge());
            }
        }
    }

    private Outcome<SignedIn> check(
            Attempt attempt, Admission admission, Secret password, ChannelBinding channel) {
        Optional<Secret> prepared = Passwords.prepared(password);
        Outcome<Candidate> candidate = candidate(attempt, admission);
        return candidate.then(who -> {
            // what can't be a password is hashed as another one, against nobody's verifier
            boolean real = prepared.isPresent() && who.claims().isPresent();
            Outcome<SignedTicket> signed =
                    issuer.signIn(
                            attempt.counted(),
                            real ? who.verifier() : Optional.empty(),
                            prepared.orElseGet(() -> Secret.ofUtf8("no password at all")),
                            real ? who.claims() : Optional.empty(),
                            channel);
            prepared.ifPresent(Secret::close);
            return switch (signed) {
                case Outcome.Done<SignedTicket>(SignedTicket ticket) ->
                        granted(attempt, who, ticket);
                case Outcome.Refused<SignedTicket> _ -> refused(attempt, who);
                case Outcome.Deferred<SignedTicket>(Problem busy) -> Outcome.failed(busy);
            };
        });
    }

    /** The same look-ups whether they find something or not. */
    private Outcome<Candidate> candidate(Attempt attempt, Admission admission) {
        return authority
                .decideModule(admission, Operation.SIGN_IN, Event.INSTALLATION)
                .then(anywhere -> {
                    EmailAddress address =
                            attempt.address().orElse(new EmailAddress("nobody", "invalid"));
                    Optional<TenantId> owner = lookup.tenant(anywhere, address.domain());
                    TenantId tenant = owner.orElseGet(() -> new TenantId(randomness.uuid()));
                    return authority
                            .decideModule(admission, Operation.SIGN_IN, tenant)
                            .map(access -> {
                                Optional<AccountRow> row =
                                        lookup.account(access, tenant, address)
                                                .filter(_ -> owner.isPresent());
                                return row.map(account -> candidate(access, tenant, account))
                                        .orElseGet(() -> {
                                            lookupOfNobody(access, tenant);
                                            return new Candidate(
                                                    Optional.empty(),
                                                    Optional.empty(),
                                                    Optional.empty());
                                        });
                            });
                });
    }

    private Candidate candidate(Access access, TenantId tenant, AccountRow account) {
        // the epoch before the row is used: whoever disables the account meanwhile raises it
        long epoch = epochs.current(account.id().value());
        Optional<AccountRow> now =
                database.reading(tenant, tx -> AccountRows.byId(tx, tenant, account.id()));
        Optional<Lookup.Found> found = now.flatMap(row -> lookup.open(access, tenant, row));
        Optional<Classified<byte[]>> verifier =
                found.flatMap(it ->
                        it.row()
                                .verifier()
                                .map(sealed ->
                                        it.profile()
                                                .open(
                                                        sealed,
                                                        SealedText.ofVerifier(
                                                                tenant, account.id())))
                                .map(clear -> new Classified<>(DataClass.CRITICAL, clear)));
        boolean may = found.isPresent() && verifier.isPresent() && !found.get().row().disabled();
        Optional<TicketIssuer.Claims> claims =
                may
                        ? Optional.of(
                                new TicketIssuer.Claims(
                                        tenant,
                                        account.id(),
                                        account.mailbox(),
                                        new SessionId(randomness.uuid()),
                                        OPERATIONS,
                                        epoch))
                        : Optional.empty();
        return new Candidate(found, claims, verifier);
    }

    private void lookupOfNobody(Access access, TenantId tenant) {
        LeafId leaf = new LeafId(randomness.uuid());
        var nobody = new AccountId(leaf.value());
        Optional<AccountRow> row =
                database.reading(tenant, tx -> AccountRows.byId(tx, tenant, nobody));
        database.reading(tenant, tx -> AccountRows.addresses(tx, tenant, nobody));
        if (row.isPresent() || !keys.leaves(access, tenant, Set.of(leaf)).isEmpty()) {
            throw new IllegalStateException("a random account exists");
        }
    }

    private Outcome<SignedIn> granted(Attempt attempt, Candidate who, SignedTicket ticket) {
        Lookup.Found found = who.found().orElseThrow();
        trail.record(told(attempt, who, Event.Decision.GRANTED, Map.of()));
        return Outcome.done(
                new SignedIn(
                        found.tenant(),
                        found.row().id(),
                        found.row().mailbox(),
                        ticket,
                        found.addresses()));
    }

    private Outcome<SignedIn> refused(Attempt attempt, Candidate who) {
        trail.record(told(attempt, who, Event.Decision.REFUSED, Map.of()));
        return Outcome.failed(NotSignedIn.WRONG);
    }

    /** While the keys are sealed or the database is away an attempt is told, too (ATK-103). */
    private void notTried(Attempt attempt, Unavailable away) {
        var nobody = new Candidate(Optional.empty(), Optional.empty(), Optional.empty());
        Map<String, String> why =
                Map.of("reason", "unavailable", "detail", away.problem().detail());
        try {
            trail.record(told(attempt, nobody, Event.Decision.REFUSED, why));
        } catch (RuntimeException untold) {
            away.addSuppressed(untold);
        }
    }

    private void tellOwner(Attempt attempt) {
        attempt.address()
                .filter(_ -> owners.due(attempt.counted()))
                .ifPresent(address ->
                        teller.accept(
                                new Guesses(
                                        address,
                                        limits.perAccount(),
                                        limits.window(),
                                        time.instant())));
    }

    private Outcome<SignedIn> turnedAway(Attempt attempt, int times) {
        if (Integer.bitCount(times) == 1) {
            var nobody = new Candidate(Optional.empty(), Optional.empty(), Optional.empty());
            trail.record(
                    told(
                            attempt,
                            nobody,
                            Event.Decision.REFUSED,
                            Map.of("reason", "throttled", "times", Integer.toString(times))));
        }
        return Outcome.failed(NotSignedIn.TOO_MANY);
    }

    private static Event told(
            Attempt attempt, Candidate who, Event.Decision decision, Map<String, String> facts) {
        SubjectId subject =
                who.found().map(it -> new SubjectId(it.row().id().value())).orElse(Event.STRANGER);
        TenantId tenant = who.found().map(Lookup.Found::tenant).orElse(Event.INSTALLATION);
        List<Event.Personal> personal = new ArrayList<>();
        personal.add(new Event.Personal(subject, "name", attempt.name()));
        personal.add(new Event.Personal(subject, "remote", attempt.remote()));
        return new Event(
                EventType.SIGN_IN,
                tenant,
                "module:" + attempt.module(),
                decision,
                who.found().map(it -> it.row().id().toString()).orElse("nobody"),
                facts,
                personal);
    }

    private Outcome<Ticket.User> own(Admission admission) {
        if (admission.person().orElse(null) instanceof Ticket.User own) {
            // one that the module may do as well: which module asks for a renewal doesn't matter
            return admission
                    .shared()
                    .map(any -> authority.decide(admission, any).map(_ -> own))
                    .orElseGet(() -> refusedTicket(own, "renewal"));
        }
        return Outcome.failed(
                Problem.denied("You are not allowed to do this.", "identity.NOT_A_USER"));
    }

    private boolean isEnabled(Ticket.User own) {
        return database.reading(
                        own.tenant(), tx -> AccountRows.byId(tx, own.tenant(), own.account()))
                .filter(row -> !row.disabled())
                .isPresent();
    }

    private <T> Outcome<T> refusedTicket(Ticket.User own, String what) {
        trail.record(
                Event.refused(
                        EventType.TICKET_DECISION,
                        own.tenant(),
                        own.account().toString(),
                        what,
                        Map.of()));
        return Outcome.failed(
                Problem.denied("You are not allowed to do this.", "identity." + what));
    }

    /** What the letters of RFC 4314 2.1 allow here. */
    private static Set<Operation> operations(String rights) {
        Set<Operation> operations = EnumSet.noneOf(Operation.class);
        for (int i = 0; i < rights.length(); i++) {
            switch (rights.charAt(i)) {
                case 'r' -> operations.add(Operation.READ);
                case 's', 'w' -> operations.add(Operation.FLAG);
                case 'i' -> operations.add(Operation.WRITE);
                case 't', 'e' -> operations.add(Operation.EXPUNGE);
                case 'k', 'x' -> operations.add(Operation.FOLDERS);
                // l, p and a give nothing by themselves here
                default -> {}
            }
        }
        return operations;
    }

    private void pause(Duration delay) {
        try {
            if (!delay.isZero()) {
                time.sleep(delay);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
