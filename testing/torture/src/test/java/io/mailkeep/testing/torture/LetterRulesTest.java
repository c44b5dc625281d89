package io.mailkeep.testing.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The checker sees what it is there for: N1, N2, N4, N7 over forged ledgers and mailboxes. */
class LetterRulesTest {
    private static final String ALICE = "alice@example.test";
    private static final String BOB = "bob@example2.test";

    private final List<LedgerEntry> ledger = new ArrayList<>();
    private final List<Snapshot.Message> inbox = new ArrayList<>();
    private final List<Snapshot.Message> folder = new ArrayList<>();
    private String folderName = "Canary.f1.v0";
    private long number;

    private void attempt(
            Verb verb, LedgerEntry.Phase phase, String from, String to, String detail) {
        String digest = verb == Verb.DELIVER || verb == Verb.APPEND ? "right" : "";
        Attempt attempt = new Attempt(++number, verb, ALICE, "t1", from, to, detail, digest);
        ledger.add(new LedgerEntry(attempt, LedgerEntry.Phase.SENT, "", ""));
        if (phase != LedgerEntry.Phase.SENT) {
            ledger.add(new LedgerEntry(attempt, phase, "", ""));
        }
    }

    private void delivered(LedgerEntry.Phase phase) {
        attempt(Verb.DELIVER, phase, "", "INBOX", "smtp");
    }

    private static Snapshot.Message message(long uid, String digest, String... flags) {
        return new Snapshot.Message(uid, "t1", digest, true, Set.of(flags), uid);
    }

    private static Snapshot.Folder folder(String name, List<Snapshot.Message> messages) {
        SortedMap<Long, Snapshot.Message> byUid = new TreeMap<>();
        messages.forEach(message -> byUid.put(message.uid(), message));
        return new Snapshot.Folder(name, FolderName.place(name), 1, 100, 100, byUid);
    }

    private Snapshot seen() {
        List<Snapshot.Folder> folders = new ArrayList<>();
        folders.add(folder("INBOX", inbox));
        if (!folderName.isEmpty()) {
            folders.add(folder(folderName, folder));
        }
        return new Snapshot(Map.of(ALICE, folders));
    }

    private List<String> rules() {
        Expectation expected = new Expectation(Map.of(ALICE, "secret"));
        expected.take(ledger);
        return LetterRules.check(expected, seen()).stream().map(Finding::rule).distinct().toList();
    }

    @Test
    void whatWasAcknowledgedAndIsThereHolds() {
        delivered(LedgerEntry.Phase.ACKED);
        inbox.add(message(1, "right"));
        assertThat(rules()).isEmpty();
    }

    @Test
    void n1AcknowledgedAndGone() {
        delivered(LedgerEntry.Phase.ACKED);
        assertThat(rules()).containsExactly("N1");
    }

    @Test
    void n1AcknowledgedAndTwiceThere() {
        delivered(LedgerEntry.Phase.ACKED);
        inbox.add(message(1, "right"));
        inbox.add(message(2, "right"));
        assertThat(rules()).containsExactly("N1");
    }

    @Test
    void n1AnotherOctet() {
        delivered(LedgerEntry.Phase.ACKED);
        inbox.add(message(1, "wrong"));
        assertThat(rules()).containsExactly("N1");
    }

    @Test
    void n1SomethingElseBeforeTheLetter() {
        delivered(LedgerEntry.Phase.ACKED);
        inbox.add(new Snapshot.Message(1, "t1", "right", false, Set.of(), 1));
        assertThat(rules()).containsExactly("N1");
    }

    @Test
    void n2RefusedAndThere() {
        delivered(LedgerEntry.Phase.REFUSED);
        assertThat(rules()).isEmpty();
        inbox.add(message(1, "right"));
        assertThat(rules()).containsExactly("N2");
    }

    @Test
    void n2UnknownIsWholeOrAbsentAndOneMoreForEachRepetition() {
        delivered(LedgerEntry.Phase.SENT);
        assertThat(rules()).as("absent").isEmpty();
        inbox.add(message(1, "right"));
        assertThat(rules()).as("whole").isEmpty();
        inbox.add(message(2, "right"));
        assertThat(rules()).as("twice without repetition").containsExactly("N2");
        delivered(LedgerEntry.Phase.UNKNOWN);
        assertThat(rules()).as("twice with one").isEmpty();
        inbox.set(1, message(2, "half"));
        assertThat(rules()).as("part of one").containsExactly("N2");
    }

    @Test
    void n4AFlagThatDidntStayOrCameByItself() {
        delivered(LedgerEntry.Phase.ACKED);
        attempt(Verb.STORE, LedgerEntry.Phase.ACKED, "INBOX", "", "+\\Seen");
        inbox.add(message(1, "right"));
        assertThat(rules()).containsExactly("N4");
        inbox.set(0, message(1, "right", "\\Seen"));
        assertThat(rules()).isEmpty();
        inbox.set(0, message(1, "right", "\\Seen", "\\Flagged"));
        assertThat(rules()).containsExactly("N4");
    }

    @Test
    void n4AMoveIsNeverInBothPlacesAndNeverInNeither() {
        delivered(LedgerEntry.Phase.ACKED);
        attempt(Verb.MOVE, LedgerEntry.Phase.UNKNOWN, "INBOX", "f1", "");
        assertThat(rules()).as("in neither").containsExactly("N1");
        inbox.add(message(1, "right"));
        assertThat(rules()).as("not moved").isEmpty();
        folder.add(message(1, "right"));
        assertThat(rules()).as("in both").containsExactly("N4");
        inbox.clear();
        assertThat(rules()).as("moved").isEmpty();
    }

    @Test
    void n4ExpungedAndThereAgain() {
        delivered(LedgerEntry.Phase.ACKED);
        attempt(Verb.EXPUNGE, LedgerEntry.Phase.ACKED, "INBOX", "", "");
        assertThat(rules()).isEmpty();
        inbox.add(message(1, "right"));
        assertThat(rules()).containsExactly("N4");
    }

    @Test
    void n4AFolderWithoutItsNameOrGone() {
        Attempt made = new Attempt(++number, Verb.CREATE, ALICE, "", "", "f1", "Canary.f1.v0", "");
        Attempt renamed =
                new Attempt(++number, Verb.RENAME, ALICE, "", "", "f1", "Canary.f1.v1", "");
        ledger.add(new LedgerEntry(made, LedgerEntry.Phase.ACKED, "", ""));
        assertThat(rules()).isEmpty();
        ledger.add(new LedgerEntry(renamed, LedgerEntry.Phase.ACKED, "", ""));
        assertThat(rules()).containsExactly("N4");
        folderName = "Canary.f1.v1";
        assertThat(rules()).isEmpty();
        folderName = "";
        assertThat(rules()).containsExactly("N4");
    }

    @Test
    void n7SomebodyElsesLetter() {
        delivered(LedgerEntry.Phase.ACKED);
        inbox.add(message(1, "right"));
        Expectation expected = new Expectation(Map.of());
        expected.take(ledger);
        Snapshot seen = new Snapshot(Map.of(ALICE, seen().of(ALICE), BOB, seen().of(ALICE)));
        assertThat(LetterRules.check(expected, seen))
                .extracting(Finding::rule)
                .containsExactly("N7");
    }

    @Test
    void whatWasSeenOnceHasToStay() {
        delivered(LedgerEntry.Phase.UNKNOWN);
        inbox.add(message(1, "right"));
        Expectation expected = new Expectation(Map.of());
        expected.take(ledger);
        expected.settle(seen());
        inbox.clear();
        assertThat(LetterRules.check(expected, seen()))
                .extracting(Finding::rule)
                .containsExactly("N2");
    }
}
