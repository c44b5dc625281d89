package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.Event;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.database.Waiting;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import io.mailkeep.keys.KeyScope;
import io.mailkeep.mailbox.Mailbox.FlagChange;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.Operation;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A re-keying between sealing and storing: the real database refuses the leaf (MK001), and the work
 * is done again under the new key, without anybody noticing. The doctor at the close looks whether
 * every leaf lies under its holder's key.
 */
class RekeyedMeanwhileTest extends AtTheMailbox {
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
        List<Uid> first = List.of(new Uid(1));
        FlagChange word = new FlagChange(FlagChange.Mode.ADD, new Flags(Set.of(), Set.of("$Kept")));
        rekeyedMeanwhile(() ->
                store.mailbox(person, Operation.FLAG).store(inbox, first, word, Optional.empty()));
        assertThat(store.mailbox(person, Operation.READ).keywords()).containsExactly("$Kept");
        rekeyedMeanwhile(() -> store.mailbox(person, Operation.WRITE).copy(inbox, first, inbox));
        assertThat(store.mailbox(person, Operation.READ).messages(inbox)).hasSize(2);
    }

    @Test
    @DisplayName("And a mailbox whose first folders were sealed before its company was re-keyed")
    void mailbox() throws Exception {
        MailboxId made =
                rekeyedMeanwhile(
                        "lock table mailbox.mailbox in share mode",
                        new KeyScope.OfTenant(person.tenant()),
                        () ->
                                store.mailboxes()
                                        .create(
                                                store.module(Operation.DIRECTORY, person.tenant()),
                                                person.tenant()));
        Person other = new Person(person.tenant(), person.account(), made);
        assertThat(store.mailbox(other, Operation.READ).folders()).hasSize(6);
    }

    /** Runs work that waits for the mailbox's row while all keys of the mailbox are renewed. */
    private <T> void rekeyedMeanwhile(Callable<Outcome<T>> work) throws Exception {
        done(
                rekeyedMeanwhile(
                        "select from mailbox.mailbox where mailbox_id = '"
                                + person.mailbox()
                                + "' for update",
                        new KeyScope.OfMailbox(person.tenant(), person.mailbox()),
                        work));
    }

    private static <T> T rekeyedMeanwhile(String lock, KeyScope scope, Callable<T> work)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection other = SharedPostgres.owner(store.location());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(lock);
            Future<T> waiting = threads.submit(work);
            Waiting.untilLocked(other, waiting);
            done(store.admin().rotate(store.module(Operation.KEYS, Event.INSTALLATION), scope));
            other.rollback();
            return waiting.get();
        }
    }
}
