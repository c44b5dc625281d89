package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The nothing-lost checker: holds a node that should be well again against the ledger, by the rules
 * N1 to N8. What it sees once is what has to hold the next time.
 */
final class Checker {
    private final Site site;
    private final Ledger ledger;
    private final Letters letters;
    private final Map<String, String> passwords;
    private final Expectation expected;
    private final NumberRules numbers = new NumberRules();
    private final LogRules log;
    private final RightsRules rights;
    private final HealthRules health;

    /**
     * Looks at a node that is well, without load.
     *
     * @param passwords of the accounts
     */
    Checker(Site site, Ledger ledger, Letters letters, Map<String, String> passwords)
            throws IOException {
        this.site = site;
        this.ledger = ledger;
        this.letters = letters;
        this.passwords = new TreeMap<>(passwords);
        this.expected = new Expectation(passwords);
        this.log = new LogRules(site);
        this.rights = new RightsRules(site, ledger, passwords);
        this.health = new HealthRules(site);
    }

    /** Somebody sees the checkpoints of now: later ones have to go on from them. */
    void see() throws IOException {
        log.see();
    }

    /** What was seen last. */
    Snapshot seen() {
        return numbers.before();
    }

    /**
     * Holds everything that can be held often; comes back if it does.
     *
     * @param patience how long the node may take to be well again
     */
    void check(String when, Cast cast, Randomness randomness, Duration patience)
            throws IOException {
        List<Finding> findings = new ArrayList<>(health.check(patience));
        if (findings.isEmpty()) {
            findings.addAll(look(cast, randomness, patience));
        }
        if (!findings.isEmpty()) {
            throw new Lost(when, findings);
        }
    }

    private List<Finding> look(Cast cast, Randomness randomness, Duration patience)
            throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (String account : cast.mailboxes()) {
            findings.addAll(delivers(account, letters.next(randomness)));
        }
        expected.take(ledger.entries());
        long since = log.size();
        findings.addAll(rights.check(expected, cast.person(), cast.stranger()));
        Map<String, String> owners = new TreeMap<>(passwords);
        owners.keySet().retainAll(Set.copyOf(cast.mailboxes()));
        Snapshot before = numbers.before();
        List<LedgerEntry> entries = ledger.entries();
        try {
            Snapshot now = Reader.look(site, owners);
            findings.addAll(LetterRules.check(expected, now));
            findings.addAll(numbers.check(entries, now));
            findings.addAll(caughtUp(before, now));
            expected.settle(now);
        } catch (IOException unreadable) {
            findings.add(new Finding("N1", "mail can't be read: " + unreadable.getMessage()));
        }
        findings.addAll(log.check(entries, since, rights.refused(), patience));
        return findings;
    }

    /** The next delivery works (N8); whether it arrived is seen with the others. */
    private List<Finding> delivers(String account, Letter letter) throws IOException {
        Attempt attempt =
                ledger.sent(
                        Verb.DELIVER, account, letter.id(), "", "INBOX", "smtp", letter.digest());
        try (SmtpClient smtp = site.smtp(25)) {
            SmtpReply reply =
                    smtp.greet()
                            .deliver("load@elsewhere.example", List.of(account), letter.octets());
            boolean taken = reply.code() == 250;
            ledger.ended(
                    attempt,
                    taken ? LedgerEntry.Phase.ACKED : LedgerEntry.Phase.REFUSED,
                    reply.toString());
            return taken
                    ? List.of()
                    : List.of(new Finding("N8", "mail to " + account + " is answered " + reply));
        } catch (AssertionError refused) {
            ledger.ended(attempt, LedgerEntry.Phase.UNKNOWN, "");
            String told = String.valueOf(refused.getMessage());
            return List.of(new Finding("N8", "mail to " + account + ": " + told));
        }
    }

    private List<Finding> caughtUp(Snapshot before, Snapshot now) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, List<Snapshot.Folder>> one : before.folders().entrySet()) {
            String account = one.getKey();
            try (Reader reader = Reader.of(site, account, passwords.getOrDefault(account, ""))) {
                for (Snapshot.Folder old : one.getValue()) {
                    for (Snapshot.Folder fresh : now.of(account)) {
                        if (fresh.place().equals(old.place())
                                && fresh.validity() == old.validity()) {
                            SortedMap<Long, Set<String>> believed =
                                    reader.caughtUp(old, fresh.name());
                            findings.addAll(NumberRules.caughtUp(account, fresh, believed));
                        }
                    }
                }
            }
        }
        return findings;
    }

    /** What is served with wrong octets; what can't be read isn't served. */
    List<Finding> bodies() throws IOException {
        List<Finding> wrong = new ArrayList<>();
        for (Map.Entry<String, String> one : passwords.entrySet()) {
            if (seen().folders().containsKey(one.getKey())) {
                try (Reader reader = Reader.of(site, one.getKey(), one.getValue())) {
                    List<Snapshot.Folder> there = reader.readable();
                    Snapshot now = new Snapshot(Map.of(one.getKey(), there));
                    wrong.addAll(LetterRules.bodies(expected, now));
                }
            }
        }
        return wrong;
    }

    /** Whether somebody can read mail now. */
    boolean readable() {
        Map.Entry<String, String> one = passwords.entrySet().iterator().next();
        try (Reader reader = Reader.of(site, one.getKey(), one.getValue())) {
            return reader.folders().stream().anyMatch(folder -> !folder.messages().isEmpty());
        } catch (IOException sealed) {
            return false;
        }
    }

    /** Holds what takes long: once, at the end of a row. */
    void finish(String when) throws IOException {
        List<Finding> findings = new ArrayList<>(health.thorough());
        findings.addAll(ClearRules.check(site, letters.canary()));
        if (!findings.isEmpty()) {
            throw new Lost(when, findings);
        }
    }
}
