package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class FolderTest extends AtTheMailbox {
    @Test
    void aNewMailboxHasItsFolders() {
        assertThat(reader().folders())
                .extracting(folder -> folder.name().value() + " " + folder.specialUse())
                .containsExactly(
                        "Archive ARCHIVE",
                        "Drafts DRAFTS",
                        "INBOX INBOX",
                        "Junk JUNK",
                        "Sent SENT",
                        "Trash TRASH");
        assertThat(reader().folders()).extracting(Folder::uidValidity).doesNotHaveDuplicates();
    }

    @Test
    void creatingMakesTheLevelsAbove() {
        Folder made = done(folders().create(name("a/b/c"), SpecialUse.NONE));
        assertThat(made.name()).isEqualTo(name("a/b/c"));
        assertThat(reader().folder(name("a"))).isPresent();
        assertThat(reader().folder(name("a/b"))).isPresent();
        assertThat(reader().folder(made.id())).contains(made);
        assertThat(folders().create(name("a/b"), SpecialUse.NONE))
                .isEqualTo(refused(Refusal.EXISTS));
        assertThat(folders().create(name("inbox"), SpecialUse.NONE))
                .isEqualTo(refused(Refusal.EXISTS));
    }

    @Test
    void uidValidityNeverReturns() {
        Folder first = done(folders().create(name("x"), SpecialUse.NONE));
        done(folders().delete(name("x")));
        Folder second = done(folders().create(name("x"), SpecialUse.NONE));
        assertThat(second.uidValidity()).isGreaterThan(first.uidValidity());
        assertThat(second.id()).isNotEqualTo(first.id());
    }

    @Test
    void deletingHidesTheMessagesAndLeavesParentsAlone() {
        Folder made = done(folders().create(name("a/b"), SpecialUse.NONE));
        store.deliver(person, "Subject: 1\r\n\r\n");
        done(writer().move(inbox, uids(1), made.id()));
        assertThat(folders().delete(name("a"))).isEqualTo(refused(Refusal.HAS_CHILDREN));
        assertThat(folders().delete(name("INBOX"))).isEqualTo(refused(Refusal.CANNOT));
        assertThat(folders().delete(name("z"))).isEqualTo(refused(Refusal.NOT_THERE));
        done(folders().delete(name("a/b")));
        assertThat(reader().folder(made.id())).isEmpty();
        assertThat(reader().status(made.id())).isEmpty();
        assertThat(reader().messages(made.id())).isEmpty();
        assertThat(open(made.id(), 1)).isEmpty();
        assertThat(reader().folder(name("a"))).isPresent();
    }

    @Test
    void renamingMovesTheWholeBranchAndKeepsMessages() {
        Folder deep = done(folders().create(name("a/b/c"), SpecialUse.NONE));
        store.deliver(person, "Subject: 1\r\n\r\n");
        done(writer().move(inbox, uids(1), deep.id()));
        Folder renamed = done(folders().rename(name("a"), name("n/m")));
        assertThat(renamed.name()).isEqualTo(name("n/m"));
        Folder after = reader().folder(name("n/m/b/c")).orElseThrow();
        assertThat(after.id()).isEqualTo(deep.id());
        assertThat(after.uidValidity()).isEqualTo(deep.uidValidity());
        assertThat(reader().messages(after.id())).hasSize(1);
        assertThat(reader().folder(name("a"))).isEmpty();
        assertThat(folders().rename(name("n"), name("n/x"))).isEqualTo(refused(Refusal.CANNOT));
        assertThat(folders().rename(name("n"), name("Sent"))).isEqualTo(refused(Refusal.EXISTS));
        assertThat(folders().rename(name("q"), name("r"))).isEqualTo(refused(Refusal.NOT_THERE));
    }

    @Test
    void renamingInboxMovesItsMessagesAndLeavesItEmpty() {
        done(folders().create(name("INBOX/below"), SpecialUse.NONE));
        deliver(3);
        Folder old = done(folders().rename(FolderName.INBOX, name("old")));
        assertThat(old.uidNext()).isEqualTo(4);
        assertThat(reader().messages(inbox)).isEmpty();
        assertThat(reader().messages(old.id()))
                .extracting(MessageRow::uid)
                .isEqualTo(uids(1, 2, 3));
        assertThat(reader().folder(name("INBOX/below"))).isPresent();
        deliver(1);
        assertThat(reader().messages(inbox)).extracting(MessageRow::uid).isEqualTo(uids(4));
    }

    @Test
    void subscribing() {
        assertThat(subscribed("Sent")).isTrue();
        done(folders().subscribe(name("Sent"), false));
        assertThat(subscribed("Sent")).isFalse();
        done(folders().subscribe(name("Sent"), true));
        assertThat(subscribed("Sent")).isTrue();
        assertThat(folders().subscribe(name("no"), true)).isEqualTo(refused(Refusal.NOT_THERE));
        done(folders().subscribe(name("no"), false));
        done(folders().create(name("fresh"), SpecialUse.NONE));
        assertThat(subscribed("fresh")).isFalse();
    }

    @Test
    void aSubscriptionBelongsToTheNameAndOutlivesTheFolder() {
        done(folders().create(name("a/b"), SpecialUse.NONE));
        done(folders().subscribe(name("a/b"), true));
        done(folders().rename(name("a"), name("c")));
        assertThat(subscribed("c/b")).isFalse();
        assertThat(reader().lostSubscriptions()).containsExactly(name("a/b"));
        done(folders().rename(name("c"), name("a")));
        assertThat(subscribed("a/b")).isTrue();
        assertThat(reader().lostSubscriptions()).isEmpty();
        done(folders().delete(name("a/b")));
        assertThat(reader().lostSubscriptions()).containsExactly(name("a/b"));
        assertThat(reader().folder(name("a/b"))).isEmpty();
        done(folders().create(name("a/b"), SpecialUse.NONE));
        assertThat(subscribed("a/b")).isTrue();
        done(folders().delete(name("a/b")));
        done(folders().subscribe(name("a/b"), false));
        assertThat(reader().lostSubscriptions()).isEmpty();
    }

    @Test
    void noFolderGetsANameThatNoClientCanGive() {
        done(folders().create(name("a/" + "x".repeat(900)), SpecialUse.NONE));
        assertThat(folders().rename(name("a"), name("y".repeat(200))))
                .isEqualTo(refused(Refusal.CANNOT));
        done(folders().rename(name("a"), name("y".repeat(99))));
    }

    private boolean subscribed(String folder) {
        return reader().folder(name(folder)).orElseThrow().subscribed();
    }

    @Test
    void twoSessionsThatCreateTheSameFolderMakeOne() throws Exception {
        List<Outcome<Folder>> outcomes = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() ->
                                    outcomes.add(folders().create(name("same"), SpecialUse.NONE))));
        }
        for (Thread one : threads) {
            one.join();
        }
        assertThat(outcomes).hasSize(8);
        assertThat(outcomes).filteredOn(one -> one instanceof Outcome.Done<Folder>).hasSize(1);
        assertThat(outcomes).filteredOn(refused(Refusal.EXISTS)::equals).hasSize(7);
    }

    @Test
    @Claim("DAT-6")
    void everyChangeOfFoldersIsTold() {
        done(folders().create(name("a"), SpecialUse.NONE));
        done(folders().rename(name("a"), name("b")));
        done(folders().rename(FolderName.INBOX, name("c")));
        done(folders().subscribe(name("b"), true));
        done(folders().subscribe(name("b"), false));
        done(folders().delete(name("b")));
        SoftAssertions.assertSoftly(softly ->
                Map.of("create", 1, "rename", 2, "\"subscribe", 1, "unsubscribe", 1, "delete", 1)
                        .forEach((change, times) ->
                                softly.assertThat(told(change)).as(change).isEqualTo(times)));
    }

    private int told(String change) {
        return store.entries("mailbox.folder-changed", person.mailbox().toString(), change).size();
    }

    @Test
    void foldersAndRememberedNamesAreLimited() {
        try (StoreFixture tight = StoreFixture.open(SmallLimits.folders(9))) {
            Person one = tight.person();
            Mailbox few = tight.mailbox(one, Operation.FOLDERS);
            assertThat(few.create(name("a/b/c/d"), SpecialUse.NONE))
                    .isEqualTo(refused(Refusal.LIMIT_FOLDERS));
            done(few.create(name("a/b/c"), SpecialUse.NONE));
            assertThat(few.create(name("e"), SpecialUse.NONE))
                    .isEqualTo(refused(Refusal.LIMIT_FOLDERS));
            assertThat(few.rename(FolderName.INBOX, name("e")))
                    .isEqualTo(refused(Refusal.LIMIT_FOLDERS));
            assertThat(few.rename(name("a"), name("e/f")))
                    .isEqualTo(refused(Refusal.LIMIT_FOLDERS));
            done(few.delete(name("a/b/c")));
            for (int i = 0; i < 11; i++) {
                done(few.create(name("s" + i), SpecialUse.NONE));
                done(few.subscribe(name("s" + i), true));
                done(few.delete(name("s" + i)));
            }
            assertThat(tight.mailbox(one, Operation.READ).lostSubscriptions()).hasSize(9);
        }
    }

    @Test
    void thereIsOneInbox() {
        assertThat(folders().create(name("second"), SpecialUse.INBOX))
                .isEqualTo(refused(Refusal.CANNOT));
    }
}
