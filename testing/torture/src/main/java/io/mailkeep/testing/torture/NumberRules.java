package io.mailkeep.testing.torture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of numbers (N3): UIDVALIDITY stays, UIDs grow and are never given twice, not even those
 * of expunged messages, UIDNEXT is above all of them, MODSEQ grows, and a client from before a
 * fault comes to what a fresh one sees. Remembers what was seen and answered before.
 */
final class NumberRules {
    /** RFC 4315 3: {@code [APPENDUID 38505 3955]}, {@code [COPYUID 38505 304 3956]}. */
    private static final Pattern GIVEN =
            Pattern.compile("\\[(?:APPENDUID (\\d+) (\\d+)|COPYUID (\\d+) \\d+ (\\d+))]");

    private record Place(String account, String place, long validity, long uid) {}

    private final Map<Place, String> given = new HashMap<>();
    private Snapshot before = Snapshot.NOTHING;
    private int read;

    /** What was seen last. */
    Snapshot before() {
        return before;
    }

    /** What doesn't hold; what is seen is remembered. */
    List<Finding> check(List<LedgerEntry> ledger, Snapshot now) {
        List<Finding> findings = new ArrayList<>();
        for (LedgerEntry entry : ledger.subList(read, ledger.size())) {
            Matcher uid = GIVEN.matcher(entry.said());
            if (entry.phase() == LedgerEntry.Phase.ACKED && uid.find()) {
                boolean copied = uid.group(1) == null;
                long validity = Long.parseLong(uid.group(copied ? 3 : 1));
                long number = Long.parseLong(uid.group(copied ? 4 : 2));
                Attempt attempt = entry.attempt();
                Place place = new Place(attempt.account(), attempt.to(), validity, number);
                give(place, attempt.letter(), findings);
            }
        }
        read = ledger.size();
        now.folders()
                .forEach((account, folders) ->
                        folders.forEach(folder -> folder(account, folder, findings)));
        before = now;
        return findings;
    }

    private void folder(String account, Snapshot.Folder folder, List<Finding> findings) {
        String where = folder.name() + " of " + account;
        for (Snapshot.Message message : folder.messages().values()) {
            if (!message.letter().isEmpty()) {
                Place place = new Place(account, folder.place(), folder.validity(), message.uid());
                give(place, message.letter(), findings);
            }
            if (message.modSeq() > folder.modSeq()) {
                add(findings, where + ": MODSEQ of UID " + message.uid() + " is above the highest");
            }
        }
        if (!folder.messages().isEmpty() && folder.messages().lastKey() >= folder.uidNext()) {
            add(findings, where + ": UIDNEXT " + folder.uidNext() + " isn't above all UIDs");
        }
        before.of(account).stream()
                .filter(old -> old.place().equals(folder.place()))
                .forEach(old -> since(where, old, folder, findings));
    }

    private static void since(
            String where, Snapshot.Folder old, Snapshot.Folder now, List<Finding> findings) {
        if (old.validity() != now.validity()) {
            String from = where + ": UIDVALIDITY was " + old.validity();
            add(findings, from + ", is " + now.validity());
            return;
        }
        if (now.uidNext() < old.uidNext() || now.modSeq() < old.modSeq()) {
            add(findings, where + ": UIDNEXT or HIGHESTMODSEQ went back");
        }
        now.messages()
                .forEach((uid, message) -> {
                    Snapshot.Message known = old.messages().get(uid);
                    if (known == null && uid < old.uidNext()) {
                        add(findings, where + ": UID " + uid + " is new below an earlier UIDNEXT");
                    } else if (known != null
                            && !known.flags().equals(message.flags())
                            && message.modSeq() <= known.modSeq()) {
                        add(findings, where + ": flags of UID " + uid + " changed without MODSEQ");
                    }
                });
    }

    private void give(Place place, String letter, List<Finding> findings) {
        String known = given.putIfAbsent(place, letter);
        if (known != null && !known.equals(letter)) {
            add(findings, place + " was letter " + known + ", and is letter " + letter);
        }
    }

    /** Holds a client from before against what a fresh one sees. */
    static List<Finding> caughtUp(
            String account, Snapshot.Folder now, SortedMap<Long, Set<String>> believed) {
        SortedMap<Long, Set<String>> fresh = new TreeMap<>();
        now.messages().forEach((uid, message) -> fresh.put(uid, message.flags()));
        List<Finding> findings = new ArrayList<>();
        if (!fresh.equals(believed)) {
            add(
                    findings,
                    now.name()
                            + " of "
                            + account
                            + ": a client from before believes "
                            + believed
                            + ", a fresh one "
                            + fresh);
        }
        return findings;
    }

    private static void add(List<Finding> findings, String what) {
        findings.add(new Finding("N3", what));
    }
}
