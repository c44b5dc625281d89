package io.mailkeep.testing.torture;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What the ledger allows to be seen: of each letter in each mailbox, and of each folder, the states
 * that its answers leave possible. An acknowledged attempt changes each of them, a refused one
 * none; after an unknown one both are possible, until somebody looked ({@link #settle}).
 */
final class Expectation {
    /** A thing in an account's mailbox: a letter by its id, a folder by its mark. */
    record Key(String account, String id) {}

    /** Copies of a letter at one place. */
    record Copies(int count, Set<String> flags) {}

    /** What is known of a letter in a mailbox. */
    static final class Fate {
        /** Where it may be: a set of possibilities, each a map from place to copies. */
        Set<Map<String, Copies>> states = Set.of(Map.of());

        String digest = "";
        boolean acked;
        boolean expunged;
        final TreeSet<Long> attempts = new TreeSet<>();
        String last = "";
    }

    private final Map<Key, Fate> fates = new LinkedHashMap<>();
    private final Map<Key, Set<String>> names = new LinkedHashMap<>();
    private final Map<String, Set<String>> passwords = new TreeMap<>();
    private final Map<String, Set<String>> formerPasswords = new TreeMap<>();
    private final Map<String, Set<Boolean>> disabled = new TreeMap<>();
    private int read;

    /**
     * @param passwords of the accounts at the beginning, when none is disabled
     */
    Expectation(Map<String, String> passwords) {
        passwords.forEach((account, password) -> {
            this.passwords.put(account, Set.of(password));
            disabled.put(account, Set.of(false));
        });
    }

    /** Takes in what the ledger holds since the last time. */
    void take(List<LedgerEntry> entries) {
        Map<Long, LedgerEntry> attempts = new TreeMap<>();
        for (LedgerEntry entry : entries.subList(read, entries.size())) {
            attempts.merge(
                    entry.attempt().number(),
                    entry,
                    (sent, end) -> end.phase() == LedgerEntry.Phase.SENT ? sent : end);
        }
        read = entries.size();
        attempts.values().forEach(end -> apply(end.attempt(), end.phase()));
    }

    private void apply(Attempt attempt, LedgerEntry.Phase phase) {
        switch (attempt.verb()) {
            case DELIVER, APPEND, STORE, COPY, MOVE, EXPUNGE -> letter(attempt, phase);
            case CREATE, RENAME -> folder(attempt, phase, attempt.detail());
            case DELETE -> folder(attempt, phase, "");
            case PASSWORD -> password(attempt, phase);
            case DISABLE -> one(disabled, attempt.account(), phase, true);
            case ENABLE -> one(disabled, attempt.account(), phase, false);
            case SIGN_IN -> {}
        }
    }

    private void letter(Attempt attempt, LedgerEntry.Phase phase) {
        Fate fate =
                fates.computeIfAbsent(
                        new Key(attempt.account(), attempt.letter()), _ -> new Fate());
        if (!attempt.digest().isEmpty()) {
            fate.digest = attempt.digest();
        }
        fate.attempts.add(attempt.number());
        fate.last = attempt.told() + " " + phase;
        if (phase == LedgerEntry.Phase.REFUSED) {
            return;
        }
        boolean acked = phase == LedgerEntry.Phase.ACKED;
        fate.acked |= acked;
        fate.expunged |= attempt.verb() == Verb.EXPUNGE;
        Set<Map<String, Copies>> after = new HashSet<>();
        for (Map<String, Copies> state : fate.states) {
            if (!acked) {
                after.add(state);
            }
            after.add(changed(state, attempt));
        }
        fate.states = after;
    }

    private static Map<String, Copies> changed(Map<String, Copies> state, Attempt attempt) {
        Map<String, Copies> after = new HashMap<>(state);
        Copies from = state.get(attempt.from());
        switch (attempt.verb()) {
            case DELIVER -> add(after, "INBOX", Set.of());
            case APPEND ->
                    add(
                            after,
                            attempt.to(),
                            attempt.detail().isEmpty() ? Set.of() : Set.of(attempt.detail()));
            case STORE -> {
                if (from != null) {
                    Set<String> flags = new HashSet<>(from.flags());
                    String flag = attempt.detail().substring(1);
                    if (attempt.detail().startsWith("+")) {
                        flags.add(flag);
                    } else {
                        flags.remove(flag);
                    }
                    after.put(attempt.from(), new Copies(from.count(), Set.copyOf(flags)));
                }
            }
            case COPY, MOVE -> {
                if (from != null) {
                    add(after, attempt.to(), from.flags());
                    if (attempt.verb() == Verb.MOVE) {
                        after.remove(attempt.from());
                    }
                }
            }
            case EXPUNGE -> after.remove(attempt.from());
            case CREATE, RENAME, DELETE, PASSWORD, DISABLE, ENABLE, SIGN_IN ->
                    throw new IllegalArgumentException(attempt.told());
        }
        return Map.copyOf(after);
    }

    private static void add(Map<String, Copies> state, String place, Set<String> flags) {
        state.merge(
                place,
                new Copies(1, flags),
                (there, _) -> new Copies(there.count() + 1, there.flags()));
    }

    private void folder(Attempt attempt, LedgerEntry.Phase phase, String name) {
        Key key = new Key(attempt.account(), attempt.to());
        UnaryOperator<Set<String>> change =
                before -> {
                    Set<String> after = new HashSet<>();
                    if (phase != LedgerEntry.Phase.ACKED) {
                        after.addAll(before);
                    }
                    if (phase != LedgerEntry.Phase.REFUSED) {
                        after.add(name);
                    }
                    return after;
                };
        names.put(key, change.apply(names.getOrDefault(key, Set.of(""))));
    }

    private void password(Attempt attempt, LedgerEntry.Phase phase) {
        if (phase == LedgerEntry.Phase.ACKED) {
            formerPasswords
                    .computeIfAbsent(attempt.account(), _ -> new TreeSet<>())
                    .addAll(passwords.getOrDefault(attempt.account(), Set.of()));
        }
        one(passwords, attempt.account(), phase, attempt.detail());
    }

    private static <T> void one(
            Map<String, Set<T>> of, String account, LedgerEntry.Phase phase, T value) {
        Set<T> after = new HashSet<>();
        if (phase != LedgerEntry.Phase.ACKED) {
            after.addAll(of.getOrDefault(account, Set.of()));
        }
        if (phase != LedgerEntry.Phase.REFUSED) {
            after.add(value);
        }
        of.put(account, after);
    }

    /** Each letter in each mailbox. */
    Map<Key, Fate> fates() {
        return fates;
    }

    /** Of each folder the names it may have; the empty one stands for a folder that isn't there. */
    Map<Key, Set<String>> names() {
        return names;
    }

    /** Of each account the passwords it may have. */
    Map<String, Set<String>> passwords() {
        return passwords;
    }

    /** Of each account whose password was changed those that it can't have any more. */
    Map<String, Set<String>> formerPasswords() {
        return formerPasswords;
    }

    /** Of each account whether it may be disabled. */
    Map<String, Set<Boolean>> disabled() {
        return disabled;
    }

    /** From here on only what was seen is possible: what was unknown is decided. */
    void settle(Snapshot seen) {
        Map<Key, Map<String, Copies>> letters = letters(seen);
        fates.forEach((key, fate) -> fate.states = Set.of(letters.getOrDefault(key, Map.of())));
        names.replaceAll((key, _) -> Set.of(name(seen, key)));
    }

    /** Where each letter is seen. */
    static Map<Key, Map<String, Copies>> letters(Snapshot seen) {
        Map<Key, Map<String, Copies>> letters = new LinkedHashMap<>();
        seen.folders()
                .forEach((account, folders) -> {
                    for (Snapshot.Folder folder : folders) {
                        for (Snapshot.Message message : folder.messages().values()) {
                            if (!message.letter().isEmpty()) {
                                Key key = new Key(account, message.letter());
                                add(
                                        letters.computeIfAbsent(key, _ -> new HashMap<>()),
                                        folder.place(),
                                        message.flags());
                            }
                        }
                    }
                });
        return letters;
    }

    /** The name under which a folder is seen; empty if it isn't, several with a comma. */
    static String name(Snapshot seen, Key key) {
        return seen.of(key.account()).stream()
                .filter(folder -> folder.place().equals(key.id()))
                .map(Snapshot.Folder::name)
                .reduce((one, two) -> one + ", " + two)
                .orElse("");
    }
}
