package io.mailkeep.testing.bench;

import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * One FETCH of something about every message of a large folder.
 *
 * @param items to fetch
 * @param messages in the folder
 * @param first whether nobody has read there before; else somebody just did
 * @param goals where this is the name of the figure
 */
record ListingLoad(String items, int messages, boolean first, List<Goal> goals) implements Load {
    private static final int OCTETS_LEAST = 20;

    /** Flags and UIDs, as clients ask for when they open a folder that they know. */
    static ListingLoad flags(int messages) {
        String items = "(FLAGS UID)";
        return new ListingLoad(
                items,
                messages,
                false,
                List.of(new Goal.Factor(name(items, messages, false), Peer.DOVECOT, 1)));
    }

    /** Envelopes, as clients ask for when they see a folder for the first time. */
    static ListingLoad envelopes(int messages) {
        String items = "ENVELOPE";
        return new ListingLoad(
                items,
                messages,
                true,
                List.of(new Goal.Factor(name(items, messages, true), Peer.DOVECOT, 3)));
    }

    private static String name(String items, int messages, boolean first) {
        String which = first ? "first FETCH" : "FETCH";
        return String.format(Locale.ROOT, "%s 1:* %s, %,d messages", which, items, messages);
    }

    @Override
    public String name() {
        return name(items, messages, first);
    }

    @Override
    public void prepare(Subject subject) throws IOException, InterruptedException {
        Inbox.fill(subject, mailbox(subject), messages, SelectLoad.OCTETS);
    }

    private static Mailbox mailbox(Subject subject) throws IOException, InterruptedException {
        return subject.mailboxes(Mailbox.Use.SIZES).getLast();
    }

    @Override
    public List<Value> run(Subject subject) throws IOException, InterruptedException {
        Mailbox mailbox = mailbox(subject);
        if (first && subject instanceof MailStore store) {
            store.forgetReaders(mailbox);
        }
        try (ImapClient session = subject.session(mailbox)) {
            session.run("SELECT INBOX");
            long least = (long) messages * OCTETS_LEAST;
            Download all = Download.of(session, "FETCH 1:* " + items, least);
            return List.of(new Value(name(), "ms", false, all.nanos() / 1e6));
        }
    }
}
