package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.database.internal.Failures;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A room's role, used against the walls. */
class WallsTest {
    private static final String PERMISSION_DENIED = "42501";

    private static Database database;
    private static MailboxFixture one;
    private static MailboxFixture two;

    @BeforeAll
    static void open() {
        database = SharedPostgres.database();
        one = MailboxFixture.create(database, new TenantId(UUID.randomUUID()));
        two = MailboxFixture.create(database, new TenantId(UUID.randomUUID()));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    @Claim({"ACC-3", "ATK-92"})
    void anotherTenantsRowsDontExist() {
        RoomDatabase room = database.room(Room.MAILBOX);
        assertThat(mailboxes(room, one.tenant())).containsExactly(one.mailbox().value());
        assertThat(mailboxes(room, two.tenant())).containsExactly(two.mailbox().value());
        assertThat(mailboxes(room, new TenantId(UUID.randomUUID()))).isEmpty();
        int changed =
                room.inTenant(
                        one.tenant(),
                        tx ->
                                tx.sql()
                                        .sql(
                                                "update mailbox.mailbox set mod_seq = 99 where"
                                                        + " mailbox_id = ?")
                                        .param(two.mailbox().value())
                                        .update());
        assertThat(changed).isZero();
        assertThat(
                        state(() ->
                                room.runInTenant(
                                        one.tenant(),
                                        tx ->
                                                two.folder(
                                                        tx,
                                                        new io.mailkeep.kernel.FolderId(
                                                                UUID.randomUUID()),
                                                        0))))
                .as("a row for another tenant")
                .isEqualTo(PERMISSION_DENIED);
    }

    @Test
    @Claim({"ACC-3", "ATK-92"})
    void withoutATenantThereAreNoRows() {
        assertThat(rows(database.room(Room.MAILBOX), "mailbox.mailbox")).isZero();
        assertThat(rows(database.room(Room.TREE), "tree.node")).isZero();
    }

    @Test
    @Claim({"ACC-3", "ATK-92"})
    void aPooledConnectionKeepsNoTenant() {
        RoomDatabase room = database.room(Room.MAILBOX);
        mailboxes(room, one.tenant());
        List<String> left = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            left.add(
                    room.autocommit(connection -> {
                        try (var statement = connection.createStatement();
                                var row =
                                        statement.executeQuery(
                                                "select current_setting('mk.tenant', true)")) {
                            row.next();
                            return String.valueOf(row.getString(1));
                        }
                    }));
        }
        assertThat(left).containsOnly("");

        // Not even one set for the whole session by mistake survives into the next transaction.
        for (int i = 0; i < 20; i++) {
            room.autocommit(connection -> {
                try (var statement = connection.createStatement()) {
                    return statement.execute("set mk.tenant = '" + one.tenant() + "'");
                }
            });
        }
        assertThat(rows(room, "mailbox.mailbox")).isZero();
        assertThat(mailboxes(room, two.tenant())).containsExactly(two.mailbox().value());
    }

    @ParameterizedTest
    @EnumSource
    @Claim({"ACC-3", "ATK-92"})
    void aRoleCantStepAroundItsWalls(Room room) {
        String other = room == Room.AUDIT ? "tickets.epoch" : "audit.outbox";
        List<String> tries =
                List.of(
                        "set role mk_owner",
                        "set role mk_definer",
                        "set role mk_group",
                        "set session authorization mk_owner",
                        "select * from " + other,
                        "select * from node.fence",
                        "select * from migration.history",
                        "select * from pg_authid",
                        "select lo_create(0)",
                        "select lo_from_bytea(0, '\\x00')",
                        "select pg_advisory_lock(30798859994030949)",
                        "select pg_advisory_xact_lock_shared(30798859994030949)",
                        "select pg_try_advisory_lock(1)",
                        "select pg_database_size(current_database())",
                        "select pg_relation_size('mailbox.message')",
                        "select pg_read_file('PG_VERSION')",
                        "select pg_ls_dir('.')",
                        "select pg_sleep(0)",
                        "select pg_terminate_backend(pg_backend_pid())",
                        "select query_to_xml('select 1', true, true, '')",
                        "select node.group_tenants()",
                        "select node.require_tenant(gen_random_uuid())",
                        "copy (select 1) to program 'true'",
                        "copy tickets.epoch from '/etc/passwd'",
                        "create temp table t (x int)",
                        "create schema mine",
                        "create table public.t (x int)",
                        "create function pg_temp.f() returns int language sql as 'select 1'",
                        "do $$ begin null; end $$",
                        "alter role mk_tree superuser",
                        "alter table tree.leaf disable row level security",
                        "alter system set fsync = off");
        for (String sql : tries) {
            assertThat(state(() -> alone(room, sql))).as(sql).isEqualTo(PERMISSION_DENIED);
        }
    }

    @Test
    @Claim("ATK-92")
    void rowSecurityCantBeSwitchedOff() {
        RoomDatabase room = database.room(Room.MAILBOX);
        assertThat(
                        state(() ->
                                room.runInTenant(
                                        one.tenant(),
                                        tx -> {
                                            tx.sql().sql("set row_security = off").update();
                                            tx.sql()
                                                    .sql("select * from mailbox.mailbox")
                                                    .query()
                                                    .listOfRows();
                                        })))
                .isEqualTo(PERMISSION_DENIED);
    }

    @Test
    @Claim("ATK-92")
    void aSearchPathLeadsNowhere() {
        RoomDatabase room = database.room(Room.MAILBOX);
        List<UUID> seen =
                room.inTenant(
                        one.tenant(),
                        tx -> {
                            tx.sql()
                                    .sql("set local search_path = pg_temp, mailbox, tree, public")
                                    .update();
                            return tx.sql()
                                    .sql("select mailbox_id from mailbox")
                                    .query((row, n) -> row.getObject(1, UUID.class))
                                    .list();
                        });
        assertThat(seen).containsExactly(one.mailbox().value());
    }

    @Test
    @Claim({"ACC-3", "ATK-92"})
    void functionsActForTheTransactionsTenantOnly() {
        RoomDatabase mailbox = database.room(Room.MAILBOX);
        RoomDatabase tree = database.room(Room.TREE);
        String strange = "'" + two.tenant() + "'::uuid";
        String id = "gen_random_uuid()";
        for (String call :
                List.of(
                        "tree.put_leaf(%s, %s, 3::smallint, %s, %s, '')",
                        "tree.drop_leaf(%s, %s)", "tree.supersede(%s, %s, %s)")) {
            String sql = "select " + call.formatted(strange, id, id, id, id);
            assertThat(state(() -> call(mailbox, sql))).as(sql).isEqualTo(PERMISSION_DENIED);
        }
        for (String call : List.of("mailbox.forget(%s, %s, '{}')", "mailbox.hidden(%s, now())")) {
            String sql = "select " + call.formatted(strange, id);
            assertThat(state(() -> call(tree, sql))).as(sql).isEqualTo(PERMISSION_DENIED);
        }
    }

    @Test
    @Claim("ATK-92")
    void theDeliveryGroupsTenantsAreItsOwn() {
        DropboxCalls calls = new DropboxCalls(database.room(Room.DROPBOX));
        for (int i = 0; i < 4; i++) {
            alone(Room.DROPBOX, "select set_config('mk.group', '" + two.tenant() + "', false)");
        }
        assertThat(calls.deliver(one.group()).getFirst())
                .isInstanceOf(DropboxCalls.Result.Delivered.class);
        for (int i = 0; i < 4; i++) {
            assertThat(state(() -> alone(Room.DROPBOX, "select * from mailbox.message")))
                    .isEqualTo(PERMISSION_DENIED);
        }
    }

    private static long rows(RoomDatabase room, String table) {
        return room.withoutTenant(
                tx -> tx.sql().sql("select count(*) from " + table).query(Long.class).single());
    }

    private static void call(RoomDatabase room, String sql) {
        room.runInTenant(one.tenant(), tx -> tx.sql().sql(sql).query().listOfRows());
    }

    private static Boolean alone(Room room, String sql) {
        return database.room(room)
                .autocommit(connection -> {
                    try (var statement = connection.createStatement()) {
                        return statement.execute(sql);
                    }
                });
    }

    private static List<UUID> mailboxes(RoomDatabase room, TenantId tenant) {
        return room.inTenant(
                tenant,
                tx ->
                        tx.sql()
                                .sql("select mailbox_id from mailbox.mailbox")
                                .query((row, n) -> row.getObject(1, UUID.class))
                                .list());
    }

    private static String state(Runnable work) {
        try {
            work.run();
            return "nothing was refused";
        } catch (RuntimeException e) {
            return Failures.sql(e).map(Failures::state).orElse(e.toString());
        }
    }
}
