package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends letters by SMTP or LMTP to some of the accounts. Every other letter whose outcome it
 * doesn't know it sends again, as a sending server does, but only to mailboxes that nobody else
 * works in: there one copy is as good as another.
 */
final class MailWorker implements Worker {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SMTP = 25;
    private static final int LMTP = 24;

    private final Site site;
    private final Ledger ledger;
    private final List<String> accounts;
    private final List<String> repeatable;
    private final Letters letters;
    private final boolean lmtp;
    private final Randomness randomness;
    private @Nullable SmtpClient client;
    private Optional<Letter> again = Optional.empty();
    private List<String> againTo = List.of();

    MailWorker(
            Site site,
            Ledger ledger,
            List<String> accounts,
            List<String> repeatable,
            Letters letters,
            boolean lmtp,
            Randomness randomness) {
        this.site = site;
        this.ledger = ledger;
        this.accounts = accounts;
        this.repeatable = repeatable;
        this.letters = letters;
        this.lmtp = lmtp;
        this.randomness = randomness;
    }

    @Override
    public void once() throws IOException {
        SmtpClient to = connected();
        boolean repeated = again.isPresent();
        Letter letter = again.orElseGet(() -> letters.next(randomness));
        List<String> recipients = repeated ? againTo : some();
        again = Optional.empty();
        Map<String, Attempt> open = new LinkedHashMap<>();
        for (String one : recipients) {
            String service = lmtp ? "lmtp" : "smtp";
            open.put(
                    one,
                    ledger.sent(
                            Verb.DELIVER, one, letter.id(), "", "INBOX", service, letter.digest()));
        }
        try {
            send(to, letter, open);
        } catch (IOException | AssertionError broken) {
            close();
            if (!repeated && randomness.below(2) == 0) {
                againTo = open.keySet().stream().filter(repeatable::contains).toList();
                again = againTo.isEmpty() ? Optional.empty() : Optional.of(letter);
            }
            end(open, LedgerEntry.Phase.UNKNOWN, String.valueOf(broken.getMessage()));
            throw new IOException("the connection broke", broken);
        }
    }

    private SmtpClient connected() throws IOException {
        SmtpClient known = client;
        if (known != null) {
            return known;
        }
        try {
            SmtpClient made = site.smtp(lmtp ? LMTP : SMTP).patience(PATIENCE);
            client = made;
            made.expect(220).send((lmtp ? "LHLO" : "EHLO") + " load.example").expect(250);
            return made;
        } catch (AssertionError refused) {
            close();
            throw new IOException("no greeting", refused);
        }
    }

    private List<String> some() {
        List<String> some = new ArrayList<>(accounts);
        int wanted = 1 + randomness.below(2);
        while (some.size() > wanted) {
            some.remove(randomness.below(some.size()));
        }
        return some;
    }

    private void send(SmtpClient to, Letter letter, Map<String, Attempt> open) throws IOException {
        to.send("MAIL FROM:<load@elsewhere.example>");
        if (!answered(to.reply(), 2, open)) {
            return;
        }
        for (String recipient : List.copyOf(open.keySet())) {
            SmtpReply reply = to.send("RCPT TO:<" + recipient + ">").reply();
            if (reply.code() / 100 != 2) {
                end(open, recipient, LedgerEntry.Phase.REFUSED, reply);
            }
        }
        if (open.isEmpty()) {
            to.send("RSET").reply();
            return;
        }
        if (!answered(to.send("DATA").reply(), 3, open)) {
            return;
        }
        to.raw(SmtpClient.stuffed(letter.octets()));
        if (lmtp) {
            for (String recipient : List.copyOf(open.keySet())) {
                SmtpReply reply = to.reply();
                end(open, recipient, phase(reply), reply);
            }
        } else {
            SmtpReply reply = to.reply();
            end(open, phase(reply), reply.toString());
        }
    }

    private static LedgerEntry.Phase phase(SmtpReply reply) {
        return reply.code() / 100 == 2 ? LedgerEntry.Phase.ACKED : LedgerEntry.Phase.REFUSED;
    }

    /** Whether it has this class; else all is refused, and the next begins anew. */
    private boolean answered(SmtpReply reply, int expected, Map<String, Attempt> open)
            throws IOException {
        if (reply.code() / 100 == expected) {
            return true;
        }
        end(open, LedgerEntry.Phase.REFUSED, reply.toString());
        close();
        return false;
    }

    private void end(Map<String, Attempt> open, LedgerEntry.Phase phase, String said)
            throws IOException {
        for (Attempt attempt : open.values()) {
            ledger.ended(attempt, phase, said);
        }
        open.clear();
    }

    private void end(
            Map<String, Attempt> open, String recipient, LedgerEntry.Phase phase, SmtpReply reply)
            throws IOException {
        Attempt attempt = open.remove(recipient);
        if (attempt != null) {
            ledger.ended(attempt, phase, reply.toString());
        }
    }

    @Override
    public void close() throws IOException {
        SmtpClient known = client;
        client = null;
        if (known != null) {
            known.close();
        }
    }
}
