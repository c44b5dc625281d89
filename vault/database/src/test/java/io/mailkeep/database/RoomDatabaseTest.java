package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailkeep.database.internal.Failures;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Unavailable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a room gets when the database can't: a clear word, and never half a transaction. */
class RoomDatabaseTest {
    private static DatabaseLocation.External location;
    private static Database database;
    private static RoomDatabase mailbox;
    private static MailboxFixture one;

    @BeforeAll
    static void open() {
        location = SharedPostgres.location();
        database = SharedPostgres.open(location, SharedPostgres.INSTALLATION);
        mailbox = database.room(Room.MAILBOX);
        one = MailboxFixture.create(database, new TenantId(UUID.randomUUID()));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void commitsOrRollsBackAsAWhole() {
        long before = modSeq();
        assertThatThrownBy(() ->
                        mailbox.runInTenant(
                                one.tenant(),
                                tx -> {
                                    count(tx);
                                    tx.audit(MailboxFixture.entry("never"));
                                    throw new IllegalArgumentException("the work's own");
                                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the work's own");
        assertThat(modSeq()).isEqualTo(before);
        int told = outbox().size();
        mailbox.runInTenant(
                one.tenant(),
                tx -> {
                    count(tx);
                    tx.audit(List.of(MailboxFixture.entry("a"), MailboxFixture.entry("b")));
                });
        assertThat(modSeq()).isEqualTo(before + 1);
        assertThat(outbox()).hasSize(told + 2);
    }

    @Test
    void readingWorkCantWrite() {
        assertThatThrownBy(() -> mailbox.reading(one.tenant(), RoomDatabaseTest::count))
                .satisfies(e -> assertThat(Failures.sql(e).map(Failures::state)).contains("25006"));
        long before = modSeq();
        mailbox.runInTenant(one.tenant(), RoomDatabaseTest::count);
        assertThat(modSeq()).as("the pool's connection writes again").isEqualTo(before + 1);
    }

    private static Optional<Long> seen(TenantId by, String where, Object... parameters) {
        return mailbox.lookup(
                by,
                "select mod_seq from mailbox.mailbox where " + where,
                (row, number) -> row.getLong(1),
                parameters);
    }

    @Test
    @Claim("ATK-92")
    void aLookUpSeesItsTenantsRowsAloneAndLeavesNothingBehind() {
        MailboxFixture other = MailboxFixture.create(database, new TenantId(UUID.randomUUID()));
        UUID id = one.mailbox().value();
        assertThat(seen(one.tenant(), "mailbox_id = ?", id)).contains(modSeq());
        assertThat(seen(other.tenant(), "mailbox_id = ?", id)).isEmpty();
        assertThat(seen(one.tenant(), "mailbox_id = ?", other.mailbox().value())).isEmpty();
        // one after the other on connections that looked up just now
        for (int i = 0; i < 20; i++) {
            seen(one.tenant(), "mailbox_id = ?", id);
            Optional<String> left =
                    mailbox.autocommit(connection -> {
                        try (Statement asked = connection.createStatement();
                                ResultSet set =
                                        asked.executeQuery(
                                                "select current_setting('mk.tenant', true)")) {
                            set.next();
                            return Optional.ofNullable(set.getString(1));
                        }
                    });
            assertThat(left.orElse("")).isEmpty();
        }
    }

    @Test
    void aLookUpCantWrite() {
        long before = modSeq();
        assertThatThrownBy(() ->
                        mailbox.lookup(
                                one.tenant(),
                                "update mailbox.mailbox set mod_seq = mod_seq + 1"
                                        + " where mailbox_id = ? returning mod_seq",
                                (row, number) -> row.getLong(1),
                                one.mailbox().value()))
                .satisfies(e -> assertThat(Failures.sql(e).map(Failures::state)).contains("25006"));
        assertThat(modSeq()).isEqualTo(before);
        mailbox.runInTenant(one.tenant(), RoomDatabaseTest::count);
        assertThat(modSeq()).as("the pool's connection writes again").isEqualTo(before + 1);
    }

    @Test
    void aLookUpThatFindsMoreThanOneRowIsAMistake() {
        MailboxFixture.create(database, one.tenant());
        assertThatThrownBy(() -> seen(one.tenant(), "tenant_id = ?", one.tenant().value()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more than one row");
    }

    @Test
    @Claim("FLT-04")
    void aSessionThatIsKilledIsUnavailableAndTheNextOneWorks() {
        long before = modSeq();
        Unavailable told =
                unavailable(() ->
                        mailbox.runInTenant(
                                one.tenant(),
                                tx -> {
                                    count(tx);
                                    killSession(tx);
                                    count(tx);
                                }));
        assertThat(told.problem().reply()).isEqualTo(451);
        assertThat(told.problem().text()).doesNotContainIgnoringCase("sql");
        assertThat(told.problem().isUncertain()).isFalse();
        assertThat(modSeq()).isEqualTo(before);
    }

    @Test
    @Claim("FLT-23")
    void aCommitWhoseAnswerIsLostHasAnUnknownOutcome() throws Exception {
        DatabaseLocation.External place = SharedPostgres.location();
        try (Proxy proxy = new Proxy(place);
                Database cut =
                        SharedPostgres.open(proxy.location(place), SharedPostgres.INSTALLATION);
                Connection owner = SharedPostgres.owner(place)) {
            MailboxFixture there = MailboxFixture.create(cut, new TenantId(UUID.randomUUID()));
            Unavailable told =
                    unavailable(() ->
                            cut.room(Room.MAILBOX)
                                    .runInTenant(
                                            there.tenant(),
                                            tx -> {
                                                count(tx, there);
                                                proxy.loseAnswers(true);
                                            }));
            assertThat(told.problem().isUncertain()).isTrue();
            assertThat(number(owner, "select max(mod_seq) from mailbox.mailbox"))
                    .as("it was committed all the same")
                    .isEqualTo(2);

            proxy.loseAnswers(false);
            DropboxCalls calls = new DropboxCalls(cut.room(Room.DROPBOX));
            calls.deliver(there.group());
            DropboxCalls.Group group = there.group();
            proxy.loseAnswers(true);
            Unavailable delivery = unavailable(() -> calls.deliver(group));
            assertThat(delivery.problem().isUncertain()).isTrue();
            proxy.loseAnswers(false);
            assertThat(calls.deliver(group).getFirst())
                    .as("asked by its id")
                    .isInstanceOf(DropboxCalls.Result.Already.class);
            assertThat(number(owner, "select count(*) from mailbox.message")).isEqualTo(2);
        }
    }

    @Test
    @Claim("FLT-25")
    void aDeadlockIsUnavailableForOneOfBoth() throws Exception {
        MailboxFixture two = MailboxFixture.create(database, one.tenant());
        CountDownLatch both = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> ends = new ArrayList<>();
            for (List<MailboxFixture> order : List.of(List.of(one, two), List.of(two, one))) {
                ends.add(
                        threads.submit(() ->
                                mailbox.inTenant(
                                        one.tenant(),
                                        tx -> {
                                            count(tx, order.get(0));
                                            both.countDown();
                                            Waiting.await(both);
                                            count(tx, order.get(1));
                                            return true;
                                        })));
            }
            List<String> failures = new ArrayList<>();
            for (Future<Boolean> end : ends) {
                try {
                    end.get();
                } catch (java.util.concurrent.ExecutionException e) {
                    failures.add(((Unavailable) e.getCause()).problem().detail());
                }
            }
            assertThat(failures).containsExactly("database failure, SQLSTATE 40P01");
        }
    }

    @Test
    @Claim("FLT-25")
    void anEmptyPoolIsUnavailableAfterAShortWait() throws Exception {
        RoomDatabase tickets = database.room(Room.TICKETS);
        CountDownLatch taken = new CountDownLatch(Room.TICKETS.connectionsMax());
        CountDownLatch release = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Room.TICKETS.connectionsMax(); i++) {
                var _ =
                        threads.submit(() ->
                                tickets.runWithoutTenant(tx -> {
                                    taken.countDown();
                                    Waiting.await(release);
                                }));
            }
            try {
                Waiting.await(taken);
                long before = System.nanoTime();
                Unavailable told =
                        unavailable(() -> new EpochTable(tickets).current(UUID.randomUUID()));
                assertThat(Duration.ofNanos(System.nanoTime() - before))
                        .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(20));
                assertThat(told.problem().isUncertain()).isFalse();
                assertThat(told.problem().detail()).contains("no connection");
            } finally {
                release.countDown();
            }
        }
        assertThat(new EpochTable(tickets).current(UUID.randomUUID())).isZero();
    }

    @Test
    @Claim("FLT-25")
    void aWaitForALockEnds() throws Exception {
        try (Connection owner = SharedPostgres.owner(location);
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("lock table mailbox.keyword");
            Unavailable told =
                    unavailable(() ->
                            mailbox.runInTenant(
                                    one.tenant(),
                                    tx -> {
                                        tx.sql().sql("set local lock_timeout = '50ms'").update();
                                        tx.sql()
                                                .sql("select * from mailbox.keyword")
                                                .query()
                                                .listOfRows();
                                    }));
            assertThat(told.problem().detail()).isEqualTo("database failure, SQLSTATE 55P03");
            owner.rollback();
        }
        String limits =
                mailbox.inTenant(
                        one.tenant(),
                        tx ->
                                tx.sql()
                                        .sql(
                                                """
                                                select concat_ws(' ', current_setting('lock_timeout'),
                                                    current_setting('statement_timeout'),
                                                    current_setting('idle_in_transaction_session_timeout'))\
                                                """)
                                        .query(String.class)
                                        .single());
        assertThat(limits).isEqualTo("10s 30s 1min");
    }

    @Test
    void anInterruptIsUnavailableAndTheThreadStaysInterrupted() throws Exception {
        AtomicReference<Unavailable> told = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        CountDownLatch inside = new CountDownLatch(1);
        Thread thread =
                Thread.ofVirtual()
                        .start(() -> {
                            told.set(
                                    unavailable(() ->
                                            mailbox.runInTenant(
                                                    one.tenant(),
                                                    tx -> {
                                                        count(tx);
                                                        inside.countDown();
                                                        Waiting.await(new CountDownLatch(1));
                                                        count(tx);
                                                    })));
                            flag.set(Thread.currentThread().isInterrupted());
                        });
        long before = modSeq();
        Waiting.await(inside);
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        assertThat(told.get()).isNotNull();
        assertThat(flag.get()).as("still interrupted").isTrue();
        for (int i = 0; i < Room.MAILBOX.connectionsMax() + 1; i++) {
            assertThat(modSeq()).isEqualTo(before);
        }
    }

    /** A commit cut in the middle would leave its outcome open. */
    @Test
    @Claim("FLT-23")
    void whoWasInterruptedCommitsNothing() throws Exception {
        long before = modSeq();
        for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            AtomicReference<Unavailable> told = new AtomicReference<>();
            Thread thread =
                    kind.start(() ->
                            told.set(
                                    unavailable(() ->
                                            mailbox.runInTenant(
                                                    one.tenant(),
                                                    tx -> {
                                                        count(tx);
                                                        Thread.currentThread().interrupt();
                                                    }))));
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
            assertThat(told.get()).isNotNull();
            assertThat(told.get().problem().isUncertain()).isFalse();
            assertThat(modSeq()).isEqualTo(before);
        }
    }

    /** A commit that was answered is on disk, whatever the server does for others. */
    @Test
    @Claim("FLT-28")
    void aRoomsSessionGoesByItsOwnSettings() throws Exception {
        DatabaseLocation.External place = SharedPostgres.location();
        try (Connection owner = SharedPostgres.owner(place);
                Statement statement = owner.createStatement()) {
            String name = owner.getCatalog();
            statement.execute("alter database " + name + " set search_path = mailbox, public");
            String loose = "alter role mk_mailbox in database " + name + " set synchronous_commit";
            statement.execute(loose + " = off");
            try (Database other = SharedPostgres.open(place, SharedPostgres.INSTALLATION)) {
                String settings =
                        other.room(Room.MAILBOX)
                                .withoutTenant(tx ->
                                        tx.sql()
                                                .sql(
                                                        """
                                                        select concat_ws(' ', current_setting('synchronous_commit'),
                                                            current_setting('search_path'))\
                                                        """)
                                                .query(String.class)
                                                .single());
                assertThat(settings).isEqualTo("on pg_catalog");
            }
        }
    }

    @Test
    void afterClosingItIsUnavailable() {
        Database other = SharedPostgres.database();
        RoomDatabase room = other.room(Room.TICKETS);
        other.close();
        unavailable(() -> new EpochTable(room).current(UUID.randomUUID()));
    }

    @Test
    @Claim("ATK-91")
    void whatIsRefusedSaysNoValueToTheLog() {
        assertThatThrownBy(() ->
                        database.room(Room.IDENTITY)
                                .runWithoutTenant(tx -> {
                                    for (int i = 0; i < 2; i++) {
                                        tx.sql()
                                                .sql("insert into identity.region" + " values (?)")
                                                .param("canary-5135")
                                                .update();
                                    }
                                }))
                .isInstanceOf(org.springframework.dao.DuplicateKeyException.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("canary"))
                .satisfies(e -> assertThat(String.valueOf(e.getCause())).doesNotContain("canary"));
    }

    private static boolean count(Tx tx) {
        return count(tx, one);
    }

    private static boolean count(Tx tx, MailboxFixture mailbox) {
        return tx.sql()
                        .sql(
                                "update mailbox.mailbox set mod_seq = mod_seq + 1 where mailbox_id = ?")
                        .param(mailbox.mailbox().value())
                        .update()
                == 1;
    }

    private static long modSeq() {
        return mailbox.inTenant(
                one.tenant(),
                tx ->
                        tx.sql()
                                .sql("select mod_seq from mailbox.mailbox where mailbox_id = ?")
                                .param(one.mailbox().value())
                                .query(Long.class)
                                .single());
    }

    private static List<io.mailkeep.audit.Entry> outbox() {
        return new OutboxTable(database.room(Room.AUDIT)).take(1000);
    }

    private static void killSession(Tx tx) {
        int pid = tx.sql().sql("select pg_backend_pid()").query(Integer.class).single();
        try (Connection owner = SharedPostgres.owner(location)) {
            number(owner, "select pg_terminate_backend(" + pid + ", 5000)::int");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Unavailable unavailable(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
        Unavailable told = catchThrowableOfType(Unavailable.class, work);
        assertThat(told).as("Unavailable").isNotNull();
        return told;
    }
}
