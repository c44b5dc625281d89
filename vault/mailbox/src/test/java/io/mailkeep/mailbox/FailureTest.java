package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Event;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Uid;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.CopyKeys;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.mailbox.Flags.Flag;
import io.mailkeep.mailbox.Mailbox.FlagChange;
import io.mailkeep.mailbox.Mailbox.FlagChange.Mode;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.mailbox.internal.Meta;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong between a message and its commit harms no other message, and loses none. */
class FailureTest {
    private static final String TEXT = "Subject: x\r\n\r\nbody\r\n";

    private StoreFixture store;
    private Person person;

    /** Pauses of the committer end with an error. */
    private volatile boolean erring;

    /** Nobody waits longer than a second. */
    private volatile boolean hurried;

    /** The machine's time otherwise. */
    private final class Erring implements Time {
        /** What nobody waited for. */
        private final AtomicLong skipped = new AtomicLong();

        @Override
        public Instant instant() {
            return Time.system().instant();
        }

        @Override
        public long nanos() {
            return Time.system().nanos() + skipped.get();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            if (erring && "mailbox-committer".equals(Thread.currentThread().getName())) {
                throw new StackOverflowError("planted by the test");
            }
            if (hurried && duration.compareTo(Duration.ofSeconds(1)) > 0) {
                skipped.addAndGet(duration.toNanos());
            } else {
                Time.system().sleep(duration);
            }
        }
    }

    @BeforeEach
    void open() {
        store = StoreFixture.open(new Erring());
        person = store.person();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void oneMessageThatTheDatabaseRefusesStopsNoOther() throws Exception {
        CopyId bad = store.id();
        sql("alter table mailbox.message add constraint poison check (copy_id <> '" + bad + "')");
        List<Outcome<Dropbox.Receipt>> outcomes =
                together(
                        store.delivery(person, store.id(), store.message(TEXT)),
                        store.delivery(person, bad, store.message(TEXT)),
                        store.delivery(person, store.id(), store.message(TEXT)));
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Done.class);
        assertThat(rows()).hasSize(2);
    }

    @Test
    @Claim("FLT-23")
    void aConnectionThatIsCutInTheCommitLosesAndDoublesNothing() throws Exception {
        // The group's call, and the first one for a message of it alone.
        cutCalls(2);
        List<Outcome<Dropbox.Receipt>> outcomes =
                together(
                        store.delivery(person, store.id(), store.message(TEXT)),
                        store.delivery(person, store.id(), store.message(TEXT)));
        assertThat(outcomes).allMatch(one -> one instanceof Outcome.Done<Dropbox.Receipt>);
        assertThat(rows()).hasSize(2);
    }

    /** A refusal would be a lie: what was committed is there. */
    @Test
    @Claim({"FLT-04", "FLT-23"})
    void aCommitWhoseAnswerIsLostIsAskedForUntilTheDatabaseIsBack() throws Exception {
        cutCalls(6);
        hurried = true;
        List<Outcome<Dropbox.Receipt>> outcomes =
                together(store.delivery(person, store.id(), store.message(TEXT)));
        assertThat(outcomes).allMatch(one -> one instanceof Outcome.Done<Dropbox.Receipt>);
        assertThat(rows()).hasSize(1);
    }

    @Test
    @Claim("FLT-04")
    void aDatabaseThatIsAwayForOneMessageIsntWaitedForByTheNext() throws Exception {
        cutCalls(1_000);
        hurried = true;
        List<Delivery> deliveries =
                List.of(
                        store.delivery(person, store.id(), store.message(TEXT)),
                        store.delivery(person, store.id(), store.message(TEXT)));
        long before = store.mailboxes().dropbox().counters().transactions();
        try (Plug plug = new Plug(store)) {
            // what can't be told isn't told to be undone
            assertThat(plug.release(plug.waiting(deliveries)))
                    .allMatch(one ->
                            one instanceof Outcome.Deferred<Dropbox.Receipt>(var problem)
                                    && problem.isUncertain());
        }
        // One for the message before them, one for the group; only its first message is asked for,
        // every two seconds of a minute.
        assertThat(store.mailboxes().dropbox().counters().transactions())
                .isBetween(before + 5, before + 2 + 3 + 30);
        sql("drop trigger cut on mailbox.message");
        for (Delivery one : deliveries) {
            done(store.mailboxes().dropbox().deliver(List.of(one)).getFirst());
        }
        assertThat(rows()).hasSize(2);
    }

    /**
     * The one call that may have stored it was cut; that others are refused tells nothing of it.
     */
    @Test
    @Claim("FLT-23")
    void aCommitInDoubtStaysSoWhileTheDatabaseRefuses() throws Exception {
        cutCalls(1, 1_000);
        hurried = true;
        assertThat(together(store.delivery(person, store.id(), store.message(TEXT))).getFirst())
                .isInstanceOfSatisfying(
                        Outcome.Deferred.class,
                        deferred -> assertThat(deferred.problem().isUncertain()).isTrue());
    }

    private void cutCalls(int count) throws SQLException {
        cutCalls(count, 0);
    }

    /**
     * So many calls that store a message for this person end with their connection; so many after
     * them meet a failure that passes.
     */
    private void cutCalls(int count, int refused) throws SQLException {
        sql("create sequence public.calls");
        sql("grant usage on sequence public.calls to public");
        sql("grant usage on schema public to public");
        sql(
                """
                create function public.cut() returns trigger language plpgsql security definer as $$
                begin
                    if nextval('public.calls') <= %d then
                        perform pg_terminate_backend(pg_backend_pid());
                    elsif currval('public.calls') <= %d then
                        raise exception 'not now' using errcode = '40001';
                    end if;
                    return null;
                end $$
                """
                        .formatted(count, count + refused));
        sql(
                """
                create trigger cut after insert on mailbox.message
                for each row when (new.mailbox_id = '%s') execute function public.cut()
                """
                        .formatted(person.mailbox()));
    }

    @Test
    void aBodyThatCantBeReadStopsNoOther() throws Exception {
        List<Outcome<Dropbox.Receipt>> outcomes =
                together(
                        store.delivery(person, store.id(), store.message(TEXT)),
                        store.delivery(
                                person,
                                store.id(),
                                broken(() -> {
                                    throw new IOException("the spool is gone");
                                })),
                        store.delivery(person, store.id(), store.message(TEXT)));
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Done.class);
        assertThat(rows()).hasSize(2);
    }

    @Test
    void anErrorIsAnsweredAndTheNextMessageIsDelivered() {
        List<Outcome<Dropbox.Receipt>> outcomes =
                store.mailboxes()
                        .dropbox()
                        .deliver(
                                List.of(
                                        store.delivery(
                                                person,
                                                store.id(),
                                                broken(() -> {
                                                    throw new StackOverflowError(
                                                            "planted by the test");
                                                }))));
        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Deferred.class);
        assertThat(store.deliver(person, TEXT).again()).isFalse();
    }

    /** Between the group that failed and the second try of its messages. */
    @Test
    void anErrorOfTheCommitterIsAnsweredAndAnotherThreadTakesOver() throws Exception {
        CopyId bad = store.id();
        sql("alter table mailbox.message add constraint poison check (copy_id <> '" + bad + "')");
        erring = true;
        assertThat(answered(store.delivery(person, bad, store.message(TEXT))))
                .isInstanceOfSatisfying(
                        Outcome.Deferred.class,
                        later -> assertThat(later.problem().detail()).contains("an error"));
        erring = false;
        done(answered(store.delivery(person, store.id(), store.message(TEXT))));
    }

    /** Fails instead of waiting for ever. */
    private Outcome<Dropbox.Receipt> answered(Delivery delivery) throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> store.mailboxes().dropbox().deliver(List.of(delivery)).getFirst())
                .get(20, TimeUnit.SECONDS);
    }

    /** Another session brought the keyword, and this one hasn't read it when the keys go. */
    @Test
    @Claim("FLT-39")
    void flagsThatWereChangedAreAnsweredForThoughKeywordsCantBeRead() {
        store.deliver(person, TEXT);
        FolderId inbox = store.inbox(person).id();
        List<Uid> uids = List.of(new Uid(1));
        Flags keyword = new Flags(Set.of(), Set.of("$Brought"));
        Flags flagged = new Flags(Set.of(Flag.FLAGGED), Set.of());
        Mailbox session = store.mailbox(person, Operation.FLAG);
        done(
                store.mailbox(person, Operation.FLAG)
                        .store(inbox, uids, new FlagChange(Mode.ADD, keyword), Optional.empty()));
        done(store.admin().seal(store.module(Operation.KEYS, Event.INSTALLATION)));
        Outcome<Mailbox.StoreResult> answer =
                session.store(inbox, uids, new FlagChange(Mode.ADD, flagged), Optional.empty());
        done(store.admin().unseal(store.module(Operation.KEYS, Event.INSTALLATION)));
        assertThat(done(answer).changed()).isEmpty();
        assertThat(rows().getFirst().flags())
                .isEqualTo(new Flags(flagged.system(), keyword.keywords()));
    }

    @Test
    void whileTheKeysAreSealedMailIsDeferredAndNothingOpens() {
        store.deliver(person, TEXT);
        Folder inbox = store.inbox(person);
        Delivery delivery = store.delivery(person, store.id(), store.message(TEXT));
        Mailbox mailbox = store.mailbox(person, Operation.READ);
        done(store.admin().seal(store.module(Operation.KEYS, Event.INSTALLATION)));
        assertThat(store.mailboxes().dropbox().deliver(List.of(delivery)).getFirst())
                .isInstanceOf(Outcome.Deferred.class);
        assertThatThrownBy(() ->
                        mailbox.open(
                                inbox.id(),
                                List.of(new Uid(1)),
                                "FETCH",
                                _ -> {
                                    throw new AssertionError("opened while sealed");
                                }))
                .isInstanceOf(Unavailable.class);
        done(store.admin().unseal(store.module(Operation.KEYS, Event.INSTALLATION)));
        assertThat(rows()).hasSize(1);
        done(store.mailboxes().dropbox().deliver(List.of(delivery)).getFirst());
        assertThat(rows()).hasSize(2);
    }

    @Test
    void whileTheAuditLogIsBehindMailIsDeferred() {
        Problem behind = Problem.temporary("later", "backlog");
        try (Mailboxes gated =
                new Mailboxes(
                        store.backing(),
                        MailboxLimits.standard(),
                        () -> Optional.of(behind),
                        io.mailkeep.kernel.Time.system(),
                        io.mailkeep.kernel.Randomness.system())) {
            assertThat(
                            gated.dropbox()
                                    .deliver(
                                            List.of(
                                                    store.delivery(
                                                            person,
                                                            store.id(),
                                                            store.message(TEXT)))))
                    .containsExactly(Outcome.failed(behind));
        }
        assertThat(rows()).isEmpty();
    }

    @Test
    @Claim("ATK-100")
    void outlinesThatWereSwappedInTheDatabaseAreNoticed() throws Exception {
        store.deliver(person, TEXT);
        store.deliver(person, TEXT);
        sql(
                """
                update mailbox.message m set meta = (select o.meta from mailbox.message o where o.uid <> m.uid)
                """);
        List<MessageRow> seen = new ArrayList<>();
        store.mailbox(person, Operation.READ)
                .open(
                        store.inbox(person).id(),
                        rows().stream().map(MessageRow::uid).toList(),
                        "FETCH",
                        opened -> {
                            seen.add(opened.row());
                            assertThatThrownBy(() -> opened.message().outline())
                                    .isInstanceOf(TamperedException.class);
                        });
        assertThat(seen).hasSize(2);
    }

    @Test
    @Claim("ATK-100")
    void anOutlineOpensInItsOwnPlaceOnly() {
        CopyKeys keys = store.keys().delivery().fresh();
        CopyId copy = store.id();
        byte[] sealed =
                new Meta(new byte[0], store.message(TEXT).outline())
                        .seal(keys, person.tenant(), person.mailbox(), copy);
        Person other = store.person();
        assertThat(Meta.open(sealed, keys, person.tenant(), person.mailbox(), copy)).isNotNull();
        assertThatThrownBy(() -> Meta.open(sealed, keys, other.tenant(), person.mailbox(), copy))
                .isInstanceOf(TamperedException.class);
        assertThatThrownBy(() -> Meta.open(sealed, keys, person.tenant(), other.mailbox(), copy))
                .isInstanceOf(TamperedException.class);
        assertThatThrownBy(() ->
                        Meta.open(sealed, keys, person.tenant(), person.mailbox(), store.id()))
                .isInstanceOf(TamperedException.class);
    }

    @Test
    void destroyingTakesExpungedMessagesAndLeavesTheOthersReadable() {
        for (int i = 0; i < 3; i++) {
            store.deliver(person, "Subject: " + i + "\r\n\r\n");
        }
        Folder inbox = store.inbox(person);
        store.mailbox(person, Operation.FLAG)
                .store(
                        inbox.id(),
                        List.of(new io.mailkeep.kernel.Uid(2)),
                        new Mailbox.FlagChange(
                                Mailbox.FlagChange.Mode.ADD,
                                new Flags(
                                        java.util.Set.of(Flags.Flag.DELETED), java.util.Set.of())),
                        Optional.empty());
        store.mailbox(person, Operation.EXPUNGE).expunge(inbox.id(), Optional.empty());
        done(
                store.admin()
                        .destroy(
                                store.module(Operation.KEYS, Event.INSTALLATION),
                                io.mailkeep.kernel.Time.system().instant().plusSeconds(1),
                                true));
        assertThat(store.findings()).isEmpty();
        List<Long> seen = new ArrayList<>();
        store.mailbox(person, Operation.READ)
                .open(
                        inbox.id(),
                        rows().stream().map(MessageRow::uid).toList(),
                        "FETCH",
                        opened -> {
                            assertThat(opened.message().outline().envelope().subject()).isPresent();
                            seen.add(opened.row().uid().value());
                        });
        assertThat(seen).containsExactly(1L, 3L);
    }

    @Test
    void mailSurvivesARestartAndACrash() {
        store.deliver(person, TEXT);
        store.restart();
        store.deliver(person, TEXT);
        store.crash();
        assertThat(store.sweep()).isZero();
        store.deliver(person, TEXT);
        assertThat(rows()).extracting(row -> row.uid().value()).containsExactly(1L, 2L, 3L);
    }

    /** Deliveries that become one group: they arrive while another message is being appended. */
    private List<Outcome<Dropbox.Receipt>> together(Delivery... deliveries) throws Exception {
        try (Plug plug = new Plug(store)) {
            return plug.release(plug.waiting(List.of(deliveries)));
        }
    }

    private Incoming broken(Callable<InputStream> source) {
        return Plug.incoming(store, source);
    }

    private List<MessageRow> rows() {
        return store.mailbox(person, Operation.READ).messages(store.inbox(person).id());
    }

    private void sql(String statement) throws SQLException {
        try (Connection owner = SharedPostgres.owner(store.location());
                Statement run = owner.createStatement()) {
            run.execute(statement);
        }
    }
}
