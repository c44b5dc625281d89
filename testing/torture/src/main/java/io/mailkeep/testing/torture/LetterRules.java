package io.mailkeep.testing.torture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds what owners see against what the ledger allows: acknowledged is present, exactly once and
 * byte-identical (N1); refused is absent, unknown is whole or absent (N2); acknowledged changes
 * hold, and a MOVE is in one place (N4); nobody sees what was never sent there (N7).
 */
final class LetterRules {
    private final Expectation expected;
    private final Snapshot seen;
    private final List<Finding> findings = new ArrayList<>();

    private LetterRules(Expectation expected, Snapshot seen) {
        this.expected = expected;
        this.seen = seen;
    }

    /** What doesn't hold. */
    static List<Finding> check(Expectation expected, Snapshot seen) {
        LetterRules rules = new LetterRules(expected, seen);
        rules.bodies();
        rules.letters();
        rules.folders();
        return rules.findings;
    }

    /** What is there with wrong octets, or not for this owner. */
    static List<Finding> bodies(Expectation expected, Snapshot seen) {
        LetterRules rules = new LetterRules(expected, seen);
        rules.bodies();
        return rules.findings;
    }

    private void bodies() {
        seen.folders()
                .forEach((account, folders) ->
                        folders.forEach(folder ->
                                folder.messages()
                                        .values()
                                        .forEach(message -> body(account, folder, message))));
    }

    private void body(String account, Snapshot.Folder folder, Snapshot.Message message) {
        if (message.letter().isEmpty()) {
            return;
        }
        Expectation.Key key = new Expectation.Key(account, message.letter());
        Expectation.Fate fate = expected.fates().get(key);
        String where = where(key) + " in " + folder.name() + ", UID " + message.uid();
        if (fate == null) {
            add("N7", where + " was never sent to this mailbox");
        } else if (!message.digest().equals(fate.digest)) {
            String rule = fate.acked ? "N1" : "N2";
            add(rule, where + " isn't byte-identical to what was sent: " + fate.last);
        } else if (!message.traced()) {
            add("N1", where + " has more than trace fields before it");
        }
    }

    private void letters() {
        Map<Expectation.Key, Map<String, Expectation.Copies>> letters = Expectation.letters(seen);
        expected.fates()
                .forEach((key, fate) -> {
                    Map<String, Expectation.Copies> places = letters.getOrDefault(key, Map.of());
                    if (!fate.states.contains(places)) {
                        add(
                                rule(fate, places),
                                where(key)
                                        + " is at "
                                        + places
                                        + ", and may be at "
                                        + fate.states
                                        + "; last of it in the ledger: "
                                        + fate.last);
                    }
                });
    }

    private static String rule(Expectation.Fate fate, Map<String, Expectation.Copies> places) {
        if (!fate.acked) {
            return "N2";
        }
        int most =
                fate.states.stream()
                        .flatMap(state -> state.values().stream())
                        .mapToInt(Expectation.Copies::count)
                        .max()
                        .orElse(0);
        boolean more =
                places.values().stream().anyMatch(copies -> copies.count() > Math.max(1, most));
        return more || (places.isEmpty() && !fate.expunged) ? "N1" : "N4";
    }

    private void folders() {
        Map<Expectation.Key, Set<String>> names = new LinkedHashMap<>(expected.names());
        names.forEach((key, possible) -> {
            String name = Expectation.name(seen, key);
            if (!possible.contains(name)) {
                add(
                        "N4",
                        "folder "
                                + key.id()
                                + " of "
                                + key.account()
                                + " is \""
                                + name
                                + "\", and may be one of "
                                + possible);
            }
        });
    }

    private static String where(Expectation.Key key) {
        return "letter " + key.id() + " of " + key.account();
    }

    private void add(String rule, String what) {
        findings.add(new Finding(rule, what));
    }
}
