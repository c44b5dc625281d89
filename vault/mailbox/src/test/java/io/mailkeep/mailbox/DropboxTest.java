package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Uid;
import io.mailkeep.keys.CopyKeys;
import io.mailkeep.keys.KeyScope;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.Standing;
import io.mailkeep.tickets.Ticket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DropboxTest {
    private static final String TEXT = "Subject: hello\r\n\r\nThe body.\r\n";

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
    @Claim("DAT-1")
    void mailOfEachClassIsStoredInItsVolumeAndReadBack() {
        Person person = store.person();
        for (DataClass one : DataClass.values()) {
            long before = store.segments().counters(one).records();
            Delivery delivery =
                    store.delivery(person, store.id(), store.message(one, one.label() + TEXT));
            Dropbox.Receipt receipt = done(deliver(delivery).getFirst());
            assertThat(receipt.again()).isFalse();
            assertThat(store.segments().counters(one).records()).isEqualTo(before + 1);
        }
        assertThat(read(person))
                .containsExactly(
                        "Return-Path: <>\r\npublic" + TEXT,
                        "Return-Path: <>\r\ninternal" + TEXT,
                        "Return-Path: <>\r\nsensitive" + TEXT,
                        "Return-Path: <>\r\ncritical" + TEXT);
    }

    @Test
    @Claim("ATK-93")
    void oneMessageForSeveralCompaniesIsStoredOnceACompany() {
        TenantId tenant = store.tenant();
        Person first = store.person(tenant);
        Person second = store.person(tenant);
        Person stranger = store.person();
        long records = store.segments().counters(DataClass.SENSITIVE).records();
        Incoming message = store.message(TEXT);
        Dropbox.Counters before = store.mailboxes().dropbox().counters();

        List<Outcome<Dropbox.Receipt>> outcomes =
                deliver(
                        store.delivery(first, store.id(), message),
                        store.delivery(second, store.id(), message),
                        store.delivery(stranger, store.id(), message));

        assertThat(outcomes).allMatch(one -> one instanceof Outcome.Done<Dropbox.Receipt>);
        assertThat(store.segments().counters(DataClass.SENSITIVE).records()).isEqualTo(records + 2);
        Dropbox.Counters after = store.mailboxes().dropbox().counters();
        assertThat(after.messages()).isEqualTo(before.messages() + 1);
        assertThat(after.transactions()).isEqualTo(before.transactions() + 1);
        for (Person one : List.of(first, second, stranger)) {
            assertThat(read(one)).containsExactly("Return-Path: <>\r\n" + TEXT);
        }
    }

    @Test
    void theSameDeliveryIdIsStoredOnce() {
        Person person = store.person();
        CopyId id = store.id();
        Incoming message = store.message(TEXT);
        Dropbox.Receipt first = done(deliver(store.delivery(person, id, message)).getFirst());
        Dropbox.Receipt again = done(deliver(store.delivery(person, id, message)).getFirst());
        assertThat(first.again()).isFalse();
        assertThat(again.again()).isTrue();
        assertThat(again.place()).isEqualTo(first.place());
        assertThat(rows(person)).hasSize(1);
        // The second body was appended before the id was asked for: an orphan, which a start
        // sweeps.
        store.restart();
        assertThat(store.sweep()).isPositive();
        assertThat(store.told("segments.repaired", "volumes", "orphans")).isTrue();
        assertThat(store.sweep()).isZero();
        assertThat(read(person)).hasSize(1);
    }

    @Test
    void anExpungedMessageIsNotDeliveredAgain() {
        Person person = store.person();
        CopyId id = store.id();
        Incoming message = store.message(TEXT);
        done(deliver(store.delivery(person, id, message)).getFirst());
        Folder inbox = store.inbox(person);
        Mailbox flags = store.mailbox(person, Operation.FLAG);
        done(
                flags.store(
                        inbox.id(),
                        List.of(new Uid(1)),
                        new Mailbox.FlagChange(
                                Mailbox.FlagChange.Mode.ADD,
                                new Flags(Set.of(Flags.Flag.DELETED), Set.of())),
                        Optional.empty()));
        store.mailbox(person, Operation.EXPUNGE).expunge(inbox.id(), Optional.empty());
        assertThat(done(deliver(store.delivery(person, id, message)).getFirst()).again()).isTrue();
        assertThat(rows(person)).isEmpty();
    }

    @Test
    void atSixtyFourConnectionsSyncsAndTransactionsAreFewerThanMessages() throws Exception {
        TenantId tenant = store.tenant();
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            people.add(store.person(i < 2 ? tenant : store.tenant()));
        }
        List<Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < 64 * 4; i++) {
            deliveries.add(store.delivery(people.get(i % 4), store.id(), store.message(i + TEXT)));
        }
        AtomicInteger delivered = new AtomicInteger();
        long syncs = store.segments().counters(DataClass.SENSITIVE).forces();
        Dropbox.Counters before = store.mailboxes().dropbox().counters();
        List<Thread> connections = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            List<Delivery> own = deliveries.subList(i * 4, i * 4 + 4);
            connections.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                own.forEach(one -> {
                                    done(deliver(one).getFirst());
                                    delivered.incrementAndGet();
                                });
                            }));
        }
        for (Thread one : connections) {
            one.join();
        }
        assertThat(delivered).hasValue(256);
        Dropbox.Counters counters = store.mailboxes().dropbox().counters();
        assertThat(counters.messages() - before.messages()).isEqualTo(256);
        assertThat(counters.transactions() - before.transactions())
                .isEqualTo(counters.groups() - before.groups())
                .isLessThan(128);
        assertThat(store.segments().counters(DataClass.SENSITIVE).forces() - syncs).isLessThan(128);
        for (Person one : people) {
            assertThat(rows(one))
                    .extracting(row -> row.uid().value())
                    .containsExactlyElementsOf(
                            java.util.stream.LongStream.rangeClosed(1, 64).boxed().toList());
        }
    }

    @Test
    void aPairThatIsRenewedWhileMailArrivesLosesNothing() throws Exception {
        Person person = store.person();
        store.deliver(person, TEXT);
        AtomicInteger rotations = new AtomicInteger();
        Thread rotating =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 0; i < 5; i++) {
                                done(
                                        store.admin()
                                                .rotate(
                                                        store.module(
                                                                Operation.KEYS,
                                                                io.mailkeep.audit.Event
                                                                        .INSTALLATION),
                                                        new KeyScope.OfMailbox(
                                                                person.tenant(),
                                                                person.mailbox())));
                                rotations.incrementAndGet();
                            }
                        });
        int sent = 1;
        while (rotating.isAlive()) {
            store.deliver(person, sent + TEXT);
            sent++;
        }
        rotating.join();
        assertThat(rotations).hasValue(5);
        assertThat(read(person)).hasSize(sent);
    }

    @Test
    @Claim({"DAT-3", "ATK-88"})
    void withdrawingTheStandingTicketStopsWhatHoldsAnOldOne() {
        Person person = store.person();
        Delivery before = store.delivery(person, store.id(), store.message(TEXT));
        store.mailboxes()
                .setStanding(
                        store.module(Operation.DIRECTORY, person.tenant()),
                        person.tenant(),
                        person.mailbox(),
                        false);
        assertThat(store.told("withdrawn", person.mailbox().toString())).isTrue();
        assertThat(deliver(before).getFirst())
                .isEqualTo(Outcome.failed(Refusal.WITHDRAWN.problem()));
        assertThat(
                        store.mailboxes()
                                .standing(
                                        store.module(Operation.RESOLVE, person.tenant()),
                                        person.tenant(),
                                        person.mailbox()))
                .isEmpty();
        store.mailboxes()
                .setStanding(
                        store.module(Operation.DIRECTORY, person.tenant()),
                        person.tenant(),
                        person.mailbox(),
                        true);
        // The old ticket stays dead when a new one is given out.
        assertThat(deliver(before).getFirst())
                .isEqualTo(Outcome.failed(Refusal.WITHDRAWN.problem()));
        assertThat(store.deliver(person, TEXT).again()).isFalse();
    }

    @Test
    @Claim({"DAT-3", "FLT-29"})
    void mailWhoseTicketEndsWhileItIsDeliveredIsTemporarilyRefused() {
        Person person = store.person();
        Delivery delivery = store.delivery(person, store.id(), store.message(TEXT));
        store.epochs().revoke(Ticket.Module.subjectOf("smtp"));
        assertThat(deliver(delivery).getFirst()).isInstanceOf(Outcome.Deferred.class);
        assertThat(rows(person)).isEmpty();
    }

    @Test
    @Claim("DAT-3")
    void aReadersAccessDeliversNothing() {
        Person person = store.person();
        Delivery delivery =
                new Delivery(
                        store.access(person, Operation.READ),
                        store.id(),
                        Optional.empty(),
                        store.message(TEXT),
                        new byte[0],
                        Flags.NONE,
                        Instant.EPOCH,
                        Optional.empty(),
                        Map.of());
        assertThat(deliver(delivery).getFirst()).isInstanceOf(Outcome.Refused.class);
        assertThat(rows(person)).isEmpty();
    }

    @Test
    @Claim({"DAT-3", "ATK-88"})
    void whoDeliversNeedsTheStandingTicketOfThatMailbox() {
        Person person = store.person();
        Person colleague = store.person(person.tenant());
        Delivery plain = store.delivery(person, store.id(), store.message(TEXT));
        for (Optional<Standing> other :
                List.of(Optional.<Standing>empty(), Optional.of(store.standing(colleague)))) {
            Delivery delivery =
                    new Delivery(
                            plain.access(),
                            plain.id(),
                            plain.folder(),
                            plain.message(),
                            plain.trace(),
                            plain.flags(),
                            plain.received(),
                            other,
                            plain.facts());
            assertThat(deliver(delivery).getFirst()).isInstanceOf(Outcome.Refused.class);
        }
        assertThat(rows(person)).isEmpty();
    }

    @Test
    @Claim("DAT-6")
    void anOwnersMessageKeepsItsFlagsAndDateAndIsToldWithItsFacts() {
        Person person = store.person();
        Flags flags = new Flags(Set.of(Flags.Flag.SEEN, Flags.Flag.DRAFT), Set.of("$Kept", "x"));
        Instant received = Instant.parse("2020-02-29T12:00:00Z");
        CopyId id = store.id();
        done(
                deliver(
                                new Delivery(
                                        store.access(person, Operation.WRITE),
                                        id,
                                        Optional.empty(),
                                        store.message(TEXT),
                                        new byte[0],
                                        flags,
                                        received,
                                        Optional.empty(),
                                        Map.of("queueId", "Q-4711")))
                        .getFirst());
        MessageRow row = rows(person).getFirst();
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(row.flags()).isEqualTo(flags);
            softly.assertThat(row.received()).isEqualTo(received);
            softly.assertThat(store.told("mailbox.delivered", id.toString(), "Q-4711")).isTrue();
        });
    }

    @Test
    @Claim("DAT-5")
    void recipientsShareTheBodysKeyAndHaveACopysKeyOfTheirOwn() {
        TenantId tenant = store.tenant();
        List<Person> people = List.of(store.person(tenant), store.person(tenant));
        Incoming message = store.message(TEXT);
        deliver(
                store.delivery(people.get(0), store.id(), message),
                store.delivery(people.get(1), store.id(), message));
        List<CopyKeys> keys = new ArrayList<>();
        for (Person one : people) {
            CopyId copy = rows(one).getFirst().copy();
            keys.addAll(
                    store.backing()
                            .readingKeys()
                            .open(store.access(one, Operation.READ), List.of(copy))
                            .values());
        }
        byte[] clear = {1, 2, 3};
        byte[] body = keys.get(0).body().seal(clear, clear);
        assertThat(keys.get(1).body().open(body, clear)).isEqualTo(clear);
        byte[] own = keys.get(0).copy().seal(clear, clear);
        assertThatThrownBy(() -> keys.get(1).copy().open(own, clear))
                .isInstanceOf(TamperedException.class);
    }

    private List<Outcome<Dropbox.Receipt>> deliver(Delivery... deliveries) {
        return store.mailboxes().dropbox().deliver(List.of(deliveries));
    }

    private List<MessageRow> rows(Person person) {
        return store.mailbox(person, Operation.READ).messages(store.inbox(person).id());
    }

    private List<String> read(Person person) {
        List<String> texts = new ArrayList<>();
        store.mailbox(person, Operation.READ)
                .open(
                        store.inbox(person).id(),
                        rows(person).stream().map(MessageRow::uid).toList(),
                        "FETCH",
                        opened -> texts.add(text(opened)));
        return texts;
    }

    private static String text(Mailbox.Opened opened) {
        try (InputStream in = opened.message().range(0, Long.MAX_VALUE)) {
            byte[] bytes = in.readAllBytes();
            assertThat(opened.row().size()).isEqualTo(bytes.length);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
