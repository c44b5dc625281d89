package io.mailkeep.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Event;
import io.mailkeep.database.Room;
import io.mailkeep.database.TreeTables;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The door: who may make mailboxes, ask for and withdraw standing tickets, and look after all. */
class MailboxesTest {
    private static StoreFixture store;

    @BeforeAll
    static void open() {
        store = StoreFixture.open();
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    @Claim({"DAT-3", "ATK-85"})
    void eachCallNeedsItsOperation() {
        Person person = store.person();
        Mailboxes door = store.mailboxes();
        Access resolve = store.module(Operation.RESOLVE, person.tenant());
        Access directory = store.module(Operation.DIRECTORY, person.tenant());
        Access keys = store.module(Operation.KEYS, Event.INSTALLATION);
        long validity = store.inbox(person).uidValidity();
        List<ThrowingCallable> calls =
                List.of(
                        () -> door.create(resolve, person.tenant()),
                        () -> door.standing(directory, person.tenant(), person.mailbox()),
                        () -> door.setStanding(resolve, person.tenant(), person.mailbox(), false),
                        () -> new Rebuild(store.backing(), Time.system()).run(keys),
                        () -> new Sweep(store.backing()).run(keys),
                        () ->
                                new StoreDoctor(
                                                store.backing(),
                                                new TreeTables(store.database().room(Room.TREE)))
                                        .check(keys));
        SoftAssertions.assertSoftly(softly -> {
            calls.forEach(call ->
                    softly.assertThatThrownBy(call)
                            .as("call " + calls.indexOf(call))
                            .isInstanceOf(AccessDenied.class));
            softly.assertThat(store.inbox(person).uidValidity()).isEqualTo(validity);
        });
    }

    @Test
    @Claim({"DAT-3", "ATK-84"})
    void anotherCompanysMailboxesCantBeNamed() {
        Person person = store.person();
        Mailboxes door = store.mailboxes();
        Access directory = store.module(Operation.DIRECTORY, store.tenant());
        Access resolve = store.module(Operation.RESOLVE, store.tenant());
        denied(() -> door.create(directory, person.tenant()));
        denied(() -> door.standing(resolve, person.tenant(), person.mailbox()));
        denied(() -> door.setStanding(directory, person.tenant(), person.mailbox(), false));
        assertThat(store.standing(person).epoch()).isEqualTo(1);
    }

    @Test
    @Claim("ATK-86")
    void aRevokedTicketOpensNoMailbox() {
        Person person = store.person();
        Access access = store.access(person, Operation.READ);
        store.epochs().revoke(person.account().value());
        denied(() -> store.mailboxes().open(access));
    }

    /** RFC 9051 2.3.1.1: above what a mailbox of a database that is lost may have given out. */
    @Test
    void uidValiditiesBeginAtTheSecondTheMailboxIsMade() {
        Instant before = Time.system().instant();
        assertThat(store.inbox(store.person()).uidValidity())
                .isGreaterThan(before.getEpochSecond());
    }

    private static void denied(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(AccessDenied.class);
    }
}
