package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Uid;
import io.mailkeep.keys.CopyKeys;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.mailbox.Flags.Flag;
import io.mailkeep.mailbox.Mailbox.FlagChange;
import io.mailkeep.mailbox.Mailbox.FlagChange.Mode;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MailboxTest extends AtTheMailbox {
    @Test
    void flagsAndKeywordsAreSetAddedAndRemoved() {
        deliver(2);
        store(uids(1), Mode.SET, flags(Set.of(Flag.SEEN), Set.of("$Label1", "Work")));
        store(uids(1), Mode.ADD, flags(Set.of(Flag.FLAGGED), Set.of("WORK", "later")));
        store(uids(1), Mode.REMOVE, flags(Set.of(Flag.SEEN), Set.of("$label1", "unknown")));
        MessageRow row = reader().messages(inbox).getFirst();
        assertThat(row.flags()).isEqualTo(flags(Set.of(Flag.FLAGGED), Set.of("Work", "later")));
        assertThat(reader().messages(inbox).getLast().flags()).isEqualTo(Flags.NONE);
        assertThat(reader().keywords()).containsExactlyInAnyOrder("$Label1", "Work", "later");
        Mailbox.FolderStatus status = reader().status(inbox).orElseThrow();
        assertThat(status.messages()).isEqualTo(2);
        assertThat(status.unseen()).isEqualTo(2);
    }

    @Test
    void theSixtyFourthKeywordIsRefused() {
        deliver(1);
        for (int i = 0; i < 63; i += 21) {
            Set<String> words = new java.util.HashSet<>();
            LongStream.range(i, i + 21).forEach(n -> words.add("word" + n));
            store(uids(1), Mode.ADD, flags(Set.of(), words));
        }
        assertThat(
                        flagger()
                                .store(
                                        inbox,
                                        uids(1),
                                        new FlagChange(
                                                Mode.ADD, flags(Set.of(), Set.of("one more"))),
                                        Optional.empty()))
                .isEqualTo(refused(Refusal.LIMIT_KEYWORDS));
        assertThat(Refusal.of(Refusal.LIMIT_KEYWORDS.problem())).contains(Refusal.LIMIT_KEYWORDS);
        assertThat(reader().messages(inbox).getFirst().flags().keywords()).hasSize(63);
    }

    @Test
    void unchangedSinceLeavesNewerMessagesAlone() {
        deliver(3);
        ModSeq seen = reader().folder(inbox).orElseThrow().highest();
        store(uids(2), Mode.ADD, flags(Set.of(Flag.ANSWERED), Set.of()));
        Mailbox.StoreResult result =
                done(
                        flagger()
                                .store(
                                        inbox,
                                        uids(1, 2, 3, 9),
                                        new FlagChange(
                                                Mode.ADD, flags(Set.of(Flag.SEEN), Set.of())),
                                        Optional.of(seen)));
        assertThat(result.modified()).isEqualTo(uids(2));
        assertThat(result.changed()).extracting(MessageRow::uid).isEqualTo(uids(1, 3));
        Folder after = reader().folder(inbox).orElseThrow();
        assertThat(result.changed()).allMatch(row -> row.modSeq().equals(after.highest()));
        assertThat(reader().messages(inbox).get(1).flags())
                .isEqualTo(flags(Set.of(Flag.ANSWERED), Set.of()));
        // RFC 7162 3.1.3: 0 matches no message.
        assertThat(
                        done(flagger()
                                        .store(
                                                inbox,
                                                uids(1),
                                                new FlagChange(Mode.SET, Flags.NONE),
                                                Optional.of(new ModSeq(0))))
                                .modified())
                .isEqualTo(uids(1));
    }

    @Test
    void aStoreThatChangesNothingKeepsTheModSeq() {
        deliver(1);
        store(uids(1), Mode.ADD, flags(Set.of(Flag.SEEN), Set.of()));
        ModSeq before = reader().folder(inbox).orElseThrow().highest();
        Mailbox.StoreResult again = store(uids(1), Mode.ADD, flags(Set.of(Flag.SEEN), Set.of()));
        assertThat(again.changed()).hasSize(1);
        assertThat(again.changed().getFirst().modSeq()).isEqualTo(before);
        assertThat(reader().folder(inbox).orElseThrow().highest()).isEqualTo(before);
    }

    @Test
    void changesSinceTellsOfFlagsArrivalsAndLeavings() {
        deliver(3);
        ModSeq before = reader().folder(inbox).orElseThrow().highest();
        store(uids(1), Mode.ADD, flags(Set.of(Flag.DELETED), Set.of()));
        expunger().expunge(inbox, Optional.empty());
        store(uids(2), Mode.ADD, flags(Set.of(Flag.SEEN), Set.of()));
        deliver(1);
        Mailbox.Changes changes = reader().changesSince(inbox, before);
        assertThat(changes.changed()).extracting(MessageRow::uid).isEqualTo(uids(2, 4));
        assertThat(changes.gone()).isEqualTo(uids(1));
        assertThat(changes.highest()).isEqualTo(reader().folder(inbox).orElseThrow().highest());
        Mailbox.Changes none = reader().changesSince(inbox, changes.highest());
        assertThat(none.changed()).isEmpty();
        assertThat(none.gone()).isEmpty();
    }

    @Test
    void copiesHaveKeysOfTheirOwnAndShareTheBody() {
        deliver(3);
        store(uids(2), Mode.ADD, flags(Set.of(Flag.SEEN), Set.of("kept")));
        FolderId archive = reader().folder(name("Archive")).orElseThrow().id();
        long records = store.segments().counters(io.mailkeep.kernel.DataClass.SENSITIVE).records();
        Mailbox.CopyResult result = done(writer().copy(inbox, uids(3, 2, 8), archive));
        assertThat(result.from()).isEqualTo(uids(2, 3));
        assertThat(result.to()).isEqualTo(uids(1, 2));
        assertThat(result.uidValidity())
                .isEqualTo(reader().folder(archive).orElseThrow().uidValidity());
        assertThat(store.segments().counters(io.mailkeep.kernel.DataClass.SENSITIVE).records())
                .isEqualTo(records);
        assertThat(open(archive, 1, 2)).isEqualTo(open(inbox, 2, 3));
        MessageRow copy = reader().messages(archive).getFirst();
        assertThat(copy.flags()).isEqualTo(flags(Set.of(Flag.SEEN), Set.of("kept")));
        assertThat(copy.copy())
                .isNotIn(reader().messages(inbox).stream().map(MessageRow::copy).toList());
        assertThat(writer().copy(inbox, uids(1), store.inbox(store.person()).id()))
                .isEqualTo(refused(Refusal.NOT_THERE));
    }

    @Test
    @Claim("DAT-5")
    void aCopyAndItsOriginalCanBeDestroyedApart() {
        deliver(1);
        done(writer().copy(inbox, uids(1), inbox));
        List<CopyId> both = reader().messages(inbox).stream().map(MessageRow::copy).toList();
        Map<CopyId, CopyKeys> keys =
                store.backing().readingKeys().open(store.access(person, Operation.READ), both);
        CopyKeys original = keys.get(both.get(0));
        CopyKeys copy = keys.get(both.get(1));
        byte[] clear = {1, 2, 3};
        assertThat(copy.body().open(original.body().seal(clear, clear), clear)).isEqualTo(clear);
        byte[] own = original.copy().seal(clear, clear);
        assertThatThrownBy(() -> copy.copy().open(own, clear))
                .isInstanceOf(TamperedException.class);
    }

    @Test
    @Claim("DAT-6")
    void readingIsToldBeforeTheFirstMessageIsOpened() {
        deliver(2);
        List<Boolean> told = new ArrayList<>();
        reader().open(
                        inbox,
                        uids(1, 2),
                        "FETCH",
                        _ -> told.add(store.told("mailbox.read", person.mailbox().toString())));
        assertThat(told).containsExactly(true, true);
        Person unread = store.person();
        store.mailbox(unread, Operation.READ).open(inbox, uids(1), "FETCH", _ -> {});
        assertThat(store.told("mailbox.read", unread.mailbox().toString())).isFalse();
    }

    @Test
    void movedMessagesAreInOnePlaceUnderNewUids() {
        deliver(4);
        FolderId archive = reader().folder(name("Archive")).orElseThrow().id();
        List<String> texts = open(inbox, 4, 2);
        ModSeq before = reader().folder(inbox).orElseThrow().highest();
        Mailbox.CopyResult result = done(writer().move(inbox, uids(4, 2), archive));
        assertThat(result.from()).isEqualTo(uids(2, 4));
        assertThat(result.to()).isEqualTo(uids(1, 2));
        assertThat(reader().messages(inbox)).extracting(MessageRow::uid).isEqualTo(uids(1, 3));
        assertThat(open(archive, 2, 1)).isEqualTo(texts);
        assertThat(reader().changesSince(inbox, before).gone()).isEqualTo(uids(2, 4));
        // RFC 7162 3.1.2.1: who looks at HIGHESTMODSEQ alone asks again.
        assertThat(reader().folder(inbox).orElseThrow().highest()).isGreaterThan(before);
        // Within one folder: new UIDs, the old ones gone for good.
        done(writer().move(inbox, uids(1), inbox));
        assertThat(reader().messages(inbox)).extracting(MessageRow::uid).isEqualTo(uids(3, 5));
    }

    @Test
    void expungeTakesOnlyWhatIsMarkedDeletedAndNamed() {
        deliver(4);
        store(uids(1, 2, 3), Mode.ADD, flags(Set.of(Flag.DELETED), Set.of()));
        assertThat(expunger().expunge(inbox, Optional.of(uids(2, 4))).uids()).isEqualTo(uids(2));
        assertThat(expunger().expunge(inbox, Optional.empty()).uids()).isEqualTo(uids(1, 3));
        assertThat(expunger().expunge(inbox, Optional.empty()).uids()).isEmpty();
        assertThat(reader().messages(inbox)).extracting(MessageRow::uid).isEqualTo(uids(4));
        deliver(1);
        assertThat(reader().messages(inbox)).extracting(MessageRow::uid).isEqualTo(uids(4, 5));
    }

    @Test
    void rangesReachOverTraceAndBody() {
        store.deliver(person, "Subject: ranges\r\n\r\n0123456789");
        String whole = open(inbox, 1).getFirst();
        reader().open(
                        inbox,
                        uids(1),
                        "FETCH",
                        opened -> {
                            OpenedMessage message = opened.message();
                            assertThat(message.traceLength())
                                    .isEqualTo("Return-Path: <>\r\n".length());
                            assertThat(message.outline().envelope().subject()).contains("ranges");
                            for (int from = 0; from <= whole.length() + 1; from += 3) {
                                for (int length = 0; length <= whole.length() + 2; length += 5) {
                                    int start = Math.min(from, whole.length());
                                    int end = Math.min(start + length, whole.length());
                                    assertThat(text(message.range(from, length)))
                                            .isEqualTo(whole.substring(start, end));
                                }
                            }
                        });
    }

    @Test
    void manyMessagesAreOpenedInTheOrderGivenInBoundedBatches() {
        MailboxLimits standard = MailboxLimits.standard();
        MailboxLimits small =
                new MailboxLimits(
                        standard.folders(),
                        2,
                        standard.copyBytes(),
                        3,
                        1,
                        2,
                        1,
                        4,
                        1,
                        standard.company(),
                        standard.attempts());
        try (StoreFixture tight = StoreFixture.open(small)) {
            Person other = tight.person();
            for (int i = 1; i <= 8; i++) {
                tight.deliver(other, "Subject: " + i + "\r\n\r\n");
            }
            FolderId folder = tight.inbox(other).id();
            List<Uid> seen = new ArrayList<>();
            tight.mailbox(other, Operation.READ)
                    .open(
                            folder,
                            uids(8, 1, 99, 3, 2, 7, 6, 5, 4),
                            "FETCH",
                            opened -> seen.add(opened.row().uid()));
            assertThat(seen).isEqualTo(uids(8, 1, 3, 2, 7, 6, 5, 4));
            assertThat(tight.mailbox(other, Operation.WRITE).copy(folder, uids(1, 2, 3), folder))
                    .isEqualTo(refused(Refusal.LIMIT_COPY));
        }
    }

    @Test
    @Claim({"DAT-3", "ATK-85"})
    void eachMethodNeedsItsOperation() {
        deliver(1);
        List<Operation> all =
                List.of(
                        Operation.READ,
                        Operation.FLAG,
                        Operation.WRITE,
                        Operation.EXPUNGE,
                        Operation.FOLDERS);
        for (Operation one : all) {
            Mailbox mailbox = store.mailbox(person, one);
            check(one == Operation.READ, () -> mailbox.folders());
            check(one == Operation.READ, () -> mailbox.folder(FolderName.INBOX));
            check(one == Operation.READ, () -> mailbox.folder(inbox));
            check(one == Operation.READ, () -> mailbox.status(inbox));
            check(one == Operation.READ, () -> mailbox.messages(inbox));
            check(one == Operation.READ, () -> mailbox.rows(inbox, uids(1)));
            check(one == Operation.READ, () -> mailbox.changesSince(inbox, new ModSeq(0)));
            check(one == Operation.READ, () -> mailbox.keywords());
            check(one == Operation.READ, () -> mailbox.open(inbox, uids(1), "FETCH", _ -> {}));
            check(one == Operation.READ, () -> mailbox.watch(inbox, () -> {}).close());
            check(
                    one == Operation.FLAG,
                    () ->
                            mailbox.store(
                                    inbox,
                                    uids(1),
                                    new FlagChange(Mode.ADD, flags(Set.of(), Set.of("w"))),
                                    Optional.empty()));
            check(one == Operation.WRITE, () -> mailbox.copy(inbox, uids(1), inbox));
            check(one == Operation.WRITE, () -> mailbox.move(inbox, uids(99), inbox));
            check(one == Operation.EXPUNGE, () -> mailbox.expunge(inbox, Optional.empty()));
            check(one == Operation.FOLDERS, () -> mailbox.create(name("o"), SpecialUse.NONE));
            check(one == Operation.FOLDERS, () -> mailbox.subscribe(name("o"), false));
            check(one == Operation.FOLDERS, () -> mailbox.rename(name("o"), name("p")));
            check(one == Operation.FOLDERS, () -> mailbox.delete(name("p")));
        }
    }

    @Test
    @Claim({"DAT-3", "ATK-84"})
    void anotherMailboxShowsNothing() {
        deliver(1);
        Person other = store.person(person.tenant());
        Mailbox mailbox = store.mailbox(other, Operation.READ);
        assertThat(mailbox.folder(inbox)).isEmpty();
        assertThat(mailbox.messages(inbox)).isEmpty();
        mailbox.open(
                inbox,
                uids(1),
                "FETCH",
                _ -> {
                    throw new AssertionError("another mailbox' message was opened");
                });
        Mailbox flags = store.mailbox(other, Operation.FLAG);
        FlagChange seen = new FlagChange(Mode.ADD, flags(Set.of(Flag.SEEN), Set.of()));
        assertThat(done(flags.store(inbox, uids(1), seen, Optional.empty())).changed()).isEmpty();
        assertThat(store.mailbox(other, Operation.WRITE).move(inbox, uids(1), inbox))
                .isEqualTo(refused(Refusal.NOT_THERE));
        assertThat(reader().messages(inbox).getFirst().flags()).isEqualTo(Flags.NONE);
    }

    @Test
    @Claim({"DAT-3", "ATK-86"})
    void aTicketRevokedInTheMiddleEndsTheReading() {
        deliver(3);
        List<Uid> seen = new ArrayList<>();
        Mailbox mailbox = reader();
        assertThatThrownBy(() ->
                        mailbox.open(
                                inbox,
                                uids(1, 2, 3),
                                "FETCH",
                                opened -> {
                                    seen.add(opened.row().uid());
                                    store.epochs().revoke(person.account().value());
                                }))
                .isInstanceOf(AccessDenied.class);
        assertThat(seen).isEqualTo(uids(1));
        assertThatThrownBy(mailbox::folders).isInstanceOf(AccessDenied.class);
    }

    @Test
    void watchersAreToldOfEveryChangeAndNothingElse() throws Exception {
        Semaphore told = new Semaphore(0);
        try (Mailbox.Watch watch = reader().watch(inbox, told::release)) {
            assertThat(watch).isNotNull();
            store.deliver(store.person(), "Subject: elsewhere\r\n\r\n");
            assertThat(told.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
            deliver(1);
            assertThat(told.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
            store(uids(1), Mode.ADD, flags(Set.of(Flag.DELETED), Set.of()));
            assertThat(told.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
            expunger().expunge(inbox, Optional.empty());
            assertThat(told.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
        }
        deliver(1);
        assertThat(told.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
    }

    private static void check(boolean allowed, Runnable call) {
        if (allowed) {
            call.run();
        } else {
            assertThatThrownBy(call::run).isInstanceOf(AccessDenied.class);
        }
    }
}
