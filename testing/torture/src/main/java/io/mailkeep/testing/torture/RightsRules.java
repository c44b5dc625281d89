package io.mailkeep.testing.torture;

import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import io.mailkeep.testing.client.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rights (N7): what was refused before a fault is refused after it. A former password, a disabled
 * account, another person's name over one's own password, another company's mailbox, another's
 * sender address. What is allowed and acknowledged works, too (N4).
 */
final class RightsRules {
    private static final int SUBMISSIONS = 465;

    private final Site site;
    private final Ledger ledger;
    private final Map<String, String> passwords;
    private final List<Finding> findings = new ArrayList<>();
    private int refused;

    /**
     * @param passwords of the accounts at the beginning; at least two, of two companies
     */
    RightsRules(Site site, Ledger ledger, Map<String, String> passwords) {
        this.site = site;
        this.ledger = ledger;
        this.passwords = passwords;
    }

    /** What doesn't hold. */
    List<Finding> check(Expectation expected, String person, String stranger) throws IOException {
        findings.clear();
        refused = 0;
        accounts(expected);
        names(person, stranger);
        mailboxes(person, stranger);
        sender(person, stranger);
        return List.copyOf(findings);
    }

    /** How many sign-ins the last check saw refused. */
    int refused() {
        return refused;
    }

    private void accounts(Expectation expected) throws IOException {
        for (Map.Entry<String, Set<String>> one : expected.passwords().entrySet()) {
            String account = one.getKey();
            Set<Boolean> disabled = expected.disabled().get(account);
            if (one.getValue().size() == 1 && disabled != null && disabled.size() == 1) {
                String password = one.getValue().iterator().next();
                boolean shut = disabled.contains(true);
                boolean in = signsIn(account, password, shut);
                if (in && shut) {
                    add("N7", account + " is disabled and signs in");
                } else if (!in && !shut) {
                    add("N4", account + " can't sign in with the password that was acknowledged");
                }
            }
        }
        for (Map.Entry<String, Set<String>> one : expected.formerPasswords().entrySet()) {
            Set<String> former = new TreeSet<>(one.getValue());
            former.removeAll(expected.passwords().getOrDefault(one.getKey(), Set.of()));
            // one a check: failed sign-ins are counted and slowed down
            for (String password : former.stream().limit(1).toList()) {
                if (signsIn(one.getKey(), password, true)) {
                    add("N7", one.getKey() + " signs in with a password it had before");
                }
            }
        }
    }

    private boolean signsIn(String account, String password, boolean toBeRefused)
            throws IOException {
        try (ImapClient imap = site.imap()) {
            return told(account, toBeRefused, imap.run("LOGIN " + account + " " + password).isOk());
        }
    }

    /** Keeps count of what the log has to tell. */
    private boolean told(String account, boolean toBeRefused, boolean in) throws IOException {
        if (toBeRefused) {
            Attempt attempt = ledger.sent(Verb.SIGN_IN, account, "", "", "", "", "");
            LedgerEntry.Phase phase = in ? LedgerEntry.Phase.ACKED : LedgerEntry.Phase.REFUSED;
            ledger.ended(attempt, phase, "");
        }
        refused += in ? 0 : 1;
        return in;
    }

    private void names(String person, String stranger) throws IOException {
        try (ImapClient imap = site.imap()) {
            String plain = SmtpClient.plain(stranger, person, password(person));
            boolean in = imap.run("AUTHENTICATE PLAIN " + plain).isOk();
            if (in) {
                add("N7", person + " acts as " + stranger);
            }
        }
        if (signsIn(stranger, password(person), true)) {
            add("N7", stranger + " signs in with the password of " + person);
        }
    }

    private void mailboxes(String person, String stranger) throws IOException {
        try (ImapClient imap = site.imap()) {
            if (!imap.run("LOGIN " + person + " " + password(person)).isOk()) {
                add("N4", person + " can't sign in");
                return;
            }
            for (String name :
                    List.of(
                            stranger,
                            stranger + "/INBOX",
                            "user/" + stranger,
                            "#users/" + stranger + "/INBOX",
                            "../" + stranger + "/INBOX")) {
                if (imap.run("SELECT \"" + name + "\"").isOk()) {
                    add("N7", person + " opens the mailbox " + name);
                }
            }
        }
    }

    private void sender(String person, String stranger) throws IOException {
        InetSocketAddress door = new InetSocketAddress("localhost", site.port(SUBMISSIONS));
        try (SmtpClient smtp =
                SmtpClient.connectTls(door, Trust.in(site.data().resolve("tls/ca.pem")))) {
            smtp.greet().signIn(person, password(person)).expect(235);
            SmtpReply reply = smtp.send("MAIL FROM:<" + stranger + ">").reply();
            if (reply.code() / 100 == 2) {
                add("N7", person + " sends as " + stranger);
            }
        } catch (AssertionError unexpected) {
            add("N8", "submission: " + unexpected.getMessage());
        }
    }

    private String password(String account) {
        return passwords.getOrDefault(account, "");
    }

    private void add(String rule, String what) {
        findings.add(new Finding(rule, what));
    }
}
