package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Event;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.segments.Clear;
import io.mailkeep.tickets.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong between a message and its commit harms no other message, and loses none. */
class FailureTest {
    private static final String TEXT = "Subject: x\r\n\r\nbody\r\n";

    private StoreFixture store;
    private Person person;

    @BeforeEach
    void open() {
        store = StoreFixture.open();
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
    @Claim("FLT-10")
    void aConnectionThatIsCutInTheCommitLosesAndDoublesNothing() throws Exception {
        sql("create sequence public.once");
        sql("grant usage on sequence public.once to public");
        sql("grant usage on schema public to public");
        sql(
                """
                create function public.cut() returns trigger language plpgsql security definer as $$
                begin
                    if nextval('public.once') = 1 then
                        perform pg_terminate_backend(pg_backend_pid());
                    end if;
                    return null;
                end $$
                """);
        sql(
                """
                create trigger cut after insert on mailbox.message
                for each statement execute function public.cut()
                """);
        List<Outcome<Dropbox.Receipt>> outcomes =
                together(
                        store.delivery(person, store.id(), store.message(TEXT)),
                        store.delivery(person, store.id(), store.message(TEXT)));
        assertThat(outcomes).allMatch(one -> one instanceof Outcome.Done<Dropbox.Receipt>);
        assertThat(rows()).hasSize(2);
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
                                List.of(new io.mailkeep.kernel.Uid(1)),
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
        AtomicReferenceArray<Outcome<Dropbox.Receipt>> outcomes =
                new AtomicReferenceArray<>(deliveries.length);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Incoming slow =
                broken(() -> {
                    entered.countDown();
                    release.await();
                    return new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.UTF_8));
                });
        List<Thread> threads = new ArrayList<>();
        Delivery plug = store.delivery(store.person(), store.id(), slow);
        threads.add(Thread.ofVirtual().start(() -> deliver(plug)));
        Dropbox dropbox = store.mailboxes().dropbox();
        entered.await();
        for (int i = 0; i < deliveries.length; i++) {
            int at = i;
            threads.add(Thread.ofVirtual().start(() -> outcomes.set(at, deliver(deliveries[at]))));
        }
        while (dropbox.counters().waiting() < deliveries.length) {
            Thread.onSpinWait();
        }
        release.countDown();
        for (Thread one : threads) {
            one.join();
        }
        return IntStream.range(0, deliveries.length).mapToObj(outcomes::get).toList();
    }

    private Outcome<Dropbox.Receipt> deliver(Delivery delivery) {
        return store.mailboxes().dropbox().deliver(List.of(delivery)).getFirst();
    }

    private Incoming broken(Callable<InputStream> source) {
        Incoming good = store.message(TEXT);
        Clear body =
                new Clear() {
                    @Override
                    public long size() {
                        return good.body().size();
                    }

                    @Override
                    public InputStream open() throws IOException {
                        try {
                            return source.call();
                        } catch (IOException failure) {
                            throw failure;
                        } catch (Exception impossible) {
                            throw new IllegalStateException(impossible);
                        }
                    }

                    @Override
                    public void close() {}
                };
        return new Incoming(DataClass.SENSITIVE, body, good.outline());
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
