package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.Event;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Uid;
import io.mailkeep.keys.KeyScope;
import io.mailkeep.mailbox.Mailbox.FlagChange;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.Operation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A re-keying between sealing and storing: the real database refuses the leaf (MK001), and the work
 * is done again under the new key, without anybody noticing.
 */
class RekeyedMeanwhileTest {
    private static StoreFixture store;
    private Person person;

    @BeforeAll
    static void open() {
        store = StoreFixture.open();
    }

    @BeforeEach
    void newPerson() {
        person = store.person();
    }

    /** The doctor looks whether every leaf lies under its holder's key. */
    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    @DisplayName("A folder is made under a routing key that was renewed while it waited")
    void folder() throws Exception {
        FolderName name = FolderName.parse("Kept").orElseThrow();
        rekeyedMeanwhile(
                () -> store.mailbox(person, Operation.FOLDERS).create(name, SpecialUse.NONE));
        assertThat(store.mailbox(person, Operation.READ).folder(name)).isPresent();
    }

    @Test
    @DisplayName("So is a keyword, and a copy under a pair that was renewed")
    void keywordAndCopy() throws Exception {
        store.deliver(person, "text");
        FolderId inbox = store.inbox(person).id();
        List<Uid> first = List.of(new Uid(1));
        FlagChange word = new FlagChange(FlagChange.Mode.ADD, new Flags(Set.of(), Set.of("$Kept")));
        rekeyedMeanwhile(() ->
                store.mailbox(person, Operation.FLAG).store(inbox, first, word, Optional.empty()));
        assertThat(store.mailbox(person, Operation.READ).keywords()).containsExactly("$Kept");
        rekeyedMeanwhile(() -> store.mailbox(person, Operation.WRITE).copy(inbox, first, inbox));
        assertThat(store.mailbox(person, Operation.READ).messages(inbox)).hasSize(2);
    }

    /** Runs work that waits for the mailbox's row while all keys of the mailbox are renewed. */
    private <T> void rekeyedMeanwhile(Callable<io.mailkeep.kernel.Outcome<T>> work)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection other = SharedPostgres.owner(store.location())) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute(
                        "select from mailbox.mailbox where mailbox_id = '"
                                + person.mailbox().value()
                                + "' for update");
            }
            Future<io.mailkeep.kernel.Outcome<T>> waiting = threads.submit(work);
            while (!somebodyWaits(other)) {
                assertThat(waiting.isDone()).as("it takes the mailbox's lock").isFalse();
                Time.system().sleep(Duration.ofMillis(20));
            }
            done(
                    store.admin()
                            .rotate(
                                    store.module(Operation.KEYS, Event.INSTALLATION),
                                    new KeyScope.OfMailbox(person.tenant(), person.mailbox())));
            other.rollback();
            done(waiting.get());
        }
    }

    private static boolean somebodyWaits(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select exists (select from pg_stat_activity"
                                        + " where datname = current_database()"
                                        + " and wait_event_type = 'Lock')")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
