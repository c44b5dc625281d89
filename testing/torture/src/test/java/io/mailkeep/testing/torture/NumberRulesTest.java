package io.mailkeep.testing.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The checker sees numbers that are out of order (N3). */
class NumberRulesTest {
    private static final String ALICE = "alice@example.test";

    private final NumberRules rules = new NumberRules();

    private static Snapshot.Message message(long uid, String letter, long modSeq, String... flags) {
        return new Snapshot.Message(uid, letter, "", true, Set.of(flags), modSeq);
    }

    private static Snapshot inbox(
            long validity, long uidNext, long modSeq, Snapshot.Message... messages) {
        SortedMap<Long, Snapshot.Message> byUid = new TreeMap<>();
        List.of(messages).forEach(message -> byUid.put(message.uid(), message));
        Snapshot.Folder folder =
                new Snapshot.Folder("INBOX", "INBOX", validity, uidNext, modSeq, byUid);
        return new Snapshot(Map.of(ALICE, List.of(folder)));
    }

    private List<Finding> check(Snapshot seen) {
        return rules.check(List.of(), seen);
    }

    private void known() {
        assertThat(check(inbox(7, 3, 10, message(1, "t1", 5), message(2, "t2", 6)))).isEmpty();
    }

    @Test
    void growingNumbersHold() {
        known();
        assertThat(check(inbox(7, 5, 12, message(1, "t1", 11, "\\Seen"), message(4, "t4", 12))))
                .isEmpty();
    }

    @Test
    void anotherUidValidity() {
        known();
        assertThat(check(inbox(8, 3, 10))).singleElement().asString().contains("UIDVALIDITY");
    }

    @Test
    void aUidGivenTwiceOrBelowUidNext() {
        known();
        assertThat(check(inbox(7, 5, 12, message(1, "t9", 11))))
                .singleElement()
                .asString()
                .contains("was letter t1, and is letter t9");
        NumberRules fresh = new NumberRules();
        fresh.check(List.of(), inbox(7, 3, 10, message(2, "t2", 6)));
        assertThat(fresh.check(List.of(), inbox(7, 5, 12, message(1, "t3", 11))))
                .singleElement()
                .asString()
                .contains("new below an earlier UIDNEXT");
    }

    @Test
    void theUidOfAnExpungedMessageGivenAgain() {
        known();
        assertThat(check(inbox(7, 3, 11, message(1, "t1", 5)))).isEmpty();
        assertThat(check(inbox(7, 4, 12, message(1, "t1", 5), message(2, "t3", 12)))).isNotEmpty();
    }

    @Test
    void numbersThatWentBackOrAreAboveTheirHighest() {
        known();
        assertThat(check(inbox(7, 2, 10, message(1, "t1", 5)))).isNotEmpty();
        assertThat(check(inbox(7, 3, 4, message(1, "t1", 4)))).isNotEmpty();
        assertThat(check(inbox(7, 3, 10, message(3, "t3", 9)))).isNotEmpty();
        assertThat(check(inbox(7, 9, 10, message(4, "t4", 11)))).isNotEmpty();
    }

    @Test
    void flagsThatChangeWithoutModSeq() {
        known();
        assertThat(check(inbox(7, 3, 10, message(1, "t1", 5, "\\Seen")))).isNotEmpty();
    }

    @Test
    void aUidThatWasAnsweredBelongsToItsLetter() {
        Attempt append = new Attempt(1, Verb.APPEND, ALICE, "t1", "", "INBOX", "", "x");
        String said = "OK [APPENDUID 7 4] APPEND completed";
        List<LedgerEntry> ledger =
                List.of(new LedgerEntry(append, LedgerEntry.Phase.ACKED, "", said));
        assertThat(rules.check(ledger, inbox(7, 5, 10, message(4, "t2", 5)))).isNotEmpty();
    }

    @Test
    void aClientFromBeforeHasToComeToWhatAFreshOneSees() {
        Snapshot.Folder now = inbox(7, 3, 10, message(1, "t1", 5, "\\Seen")).of(ALICE).getFirst();
        SortedMap<Long, Set<String>> believed = new TreeMap<>(Map.of(1L, Set.of("\\Seen")));
        assertThat(NumberRules.caughtUp(ALICE, now, believed)).isEmpty();
        believed.put(1L, Set.of());
        assertThat(NumberRules.caughtUp(ALICE, now, believed)).isNotEmpty();
        believed.put(1L, Set.of("\\Seen"));
        believed.put(2L, Set.of());
        assertThat(NumberRules.caughtUp(ALICE, now, believed)).isNotEmpty();
    }
}
