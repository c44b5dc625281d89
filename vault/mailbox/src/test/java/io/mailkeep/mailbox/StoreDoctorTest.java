package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.Event;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.Operation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each invariant is broken behind the store's back, found, and mended again. */
class StoreDoctorTest {
    private static StoreFixture store;

    @BeforeAll
    static void open() {
        store = StoreFixture.open();
        Person person = store.person();
        store.deliver(person, "Subject: 1\r\n\r\none");
        store.deliver(person, "Subject: 2\r\n\r\ntwo");
        Mailbox writer = store.mailbox(person, Operation.WRITE);
        done(writer.move(store.inbox(person).id(), List.of(new Uid(1)), store.inbox(person).id()));
        store.mailbox(person, Operation.FLAG)
                .store(
                        store.inbox(person).id(),
                        List.of(new Uid(2)),
                        new Mailbox.FlagChange(
                                Mailbox.FlagChange.Mode.ADD,
                                new Flags(java.util.Set.of(), java.util.Set.of("word"))),
                        java.util.Optional.empty());
        Mailbox folders = store.mailbox(person, Operation.FOLDERS);
        FolderName gone = FolderName.parse("gone").orElseThrow();
        done(folders.create(gone, SpecialUse.NONE));
        done(folders.subscribe(gone, true));
        done(folders.delete(gone));
        Delivery critical =
                store.delivery(person, store.id(), store.message(DataClass.CRITICAL, "3"));
        done(store.mailboxes().dropbox().deliver(List.of(critical)).getFirst());
        assertThat(store.admin().settle(store.module(Operation.MAINTAIN, Event.INSTALLATION)))
                .isPositive();
        store.deliver(person, "Subject: 4\r\n\r\nfour");
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "M1 | delete from tree.leaf where kind in (1, 2)",
                "M1 | update tree.leaf set holder = (select node_id from tree.node where kind = 3"
                        + " and data_class = 3) where kind = 1",
                "M2 | update tree.leaf set leaf_id = gen_random_uuid() where kind in (1, 2)",
                "M3 | update mailbox.folder set leaf_id = gen_random_uuid() where special_use = 6",
                "M3 | delete from mailbox.keyword",
                "M3 | update tree.leaf set kind = 4 where kind = 3",
                "M3 | update mailbox.subscription set leaf_id = gen_random_uuid()",
                "M4 | update mailbox.blob set position = position + 1",
                "M4 | update mailbox.blob set size = size + 1000",
                "M4 | update mailbox.message set data_class = 3",
                "M5 | delete from mailbox.message where uid = 2",
                "M6 | update mailbox.folder set uid_next = 1",
                "M6 | update mailbox.message set uid = 0 where uid = 2",
                "M6 | insert into mailbox.gone select tenant_id, mailbox_id, folder_id, uid, 1 from mailbox.message",
                "M6 | update mailbox.gone set folder_id = gen_random_uuid()",
                "M6 | update mailbox.message set folder_id = gen_random_uuid()",
                "M7 | update mailbox.message set mod_seq = 1000",
                "M7 | update mailbox.gone set mod_seq = 1000",
                "M7 | update mailbox.mailbox set mod_seq = 1",
                "M7 | update mailbox.folder set uid_validity = 7",
                "M8 | insert into tree.tomb select tenant_id, copy_id, 1, 1 from mailbox.message",
                "M8 | insert into tree.tomb select tenant_id, copy_id, 2, 1 from mailbox.message",
                "M8 | insert into tree.succ select tenant_id, copy_id, copy_id from mailbox.message",
                "M9 | update mailbox.folder set special_use = 0",
                "M9 | update mailbox.message set flags = 32",
                "M9 | update mailbox.message set keywords = 1::bigint << 40",
            })
    void findsWhatIsBroken(String invariant, String damage) throws SQLException {
        assertThat(store.findings()).isEmpty();
        try (Connection owner = SharedPostgres.owner(store.location());
                Statement statement = owner.createStatement()) {
            String[] tables = {
                "tree.leaf",
                "tree.tomb",
                "tree.succ",
                "mailbox.gone",
                "mailbox.keyword",
                "mailbox.subscription",
                "mailbox.message",
                "mailbox.blob",
                "mailbox.folder",
                "mailbox.mailbox"
            };
            statement.execute("set session_replication_role = replica");
            for (String one : tables) {
                statement.execute(
                        "create table public.kept_" + one.replace('.', '_') + " as table " + one);
            }
            try {
                assertThat(statement.executeUpdate(damage)).as("rows damaged").isPositive();
                assertThat(store.findings()).anyMatch(one -> one.startsWith(invariant));
            } finally {
                for (String one : tables) {
                    String kept = "public.kept_" + one.replace('.', '_');
                    statement.execute("delete from " + one);
                    statement.execute("insert into " + one + " select * from " + kept);
                    statement.execute("drop table " + kept);
                }
            }
        }
    }
}
