package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;

import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.Flags.Flag;
import io.mailkeep.mailbox.Mailbox.FlagChange;
import io.mailkeep.mailbox.Mailbox.FlagChange.Mode;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests of one person's mailbox: a store a class, somebody new with an INBOX each. */
abstract class AtTheMailbox {
    static StoreFixture store;

    Person person;
    FolderId inbox;

    @BeforeAll
    static void open() {
        store = StoreFixture.open();
    }

    @BeforeEach
    void newPerson() {
        person = store.person();
        inbox = store.inbox(person).id();
    }

    @AfterAll
    static void close() {
        store.close();
    }

    void deliver(int count) {
        for (int i = 0; i < count; i++) {
            store.deliver(person, "Subject: number " + i + "\r\n\r\nBody " + i + "\r\n");
        }
    }

    Mailbox.StoreResult store(Collection<Uid> uids, Mode mode, Flags flags) {
        return done(flagger().store(inbox, uids, new FlagChange(mode, flags), Optional.empty()));
    }

    List<String> open(FolderId folder, long... uids) {
        List<String> texts = new ArrayList<>();
        reader().open(
                        folder,
                        uids(uids),
                        "FETCH",
                        opened -> texts.add(text(opened.message().range(0, Long.MAX_VALUE))));
        return texts;
    }

    static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Mailbox reader() {
        return store.mailbox(person, Operation.READ);
    }

    Mailbox flagger() {
        return store.mailbox(person, Operation.FLAG);
    }

    Mailbox writer() {
        return store.mailbox(person, Operation.WRITE);
    }

    Mailbox expunger() {
        return store.mailbox(person, Operation.EXPUNGE);
    }

    Mailbox folders() {
        Access access = store.access(person, Operation.FOLDERS);
        return store.mailboxes().open(access);
    }

    static FolderName name(String text) {
        return FolderName.parse(text).orElseThrow();
    }

    static Flags flags(Set<Flag> system, Set<String> keywords) {
        return new Flags(system, keywords);
    }

    static List<Uid> uids(long... numbers) {
        return LongStream.of(numbers).mapToObj(Uid::new).toList();
    }

    static <T> Outcome<T> refused(Refusal refusal) {
        return Outcome.failed(refusal.problem());
    }
}
