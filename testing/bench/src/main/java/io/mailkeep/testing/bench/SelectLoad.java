package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Opening a folder that just got a message, in folders of several sizes.
 *
 * @param sizes in messages, from the least to the most; as many as there are mailboxes for it
 * @param times that each is opened in a round; their median counts
 */
record SelectLoad(List<Integer> sizes, int times) implements Load {
    /** Of a message there. */
    static final int OCTETS = 600;

    @Override
    public String name() {
        return "SELECT after a delivery";
    }

    private String figure(int size) {
        return String.format(Locale.ROOT, "%s, %,d messages", name(), size);
    }

    private String ratio() {
        return String.format(
                Locale.ROOT, "%s, %,d by %,d", name(), sizes.getLast(), sizes.getFirst());
    }

    @Override
    public List<Goal> goals() {
        List<Goal> goals = new ArrayList<>();
        goals.add(new Goal.Limit(ratio(), 1.5));
        sizes.forEach(size -> goals.add(new Goal.Factor(figure(size), Peer.MDBOX, 1)));
        return goals;
    }

    @Override
    public void prepare(Subject subject) throws IOException, InterruptedException {
        List<Mailbox> mailboxes = subject.mailboxes(Mailbox.Use.SIZES);
        for (int i = 0; i < sizes.size(); i++) {
            Inbox.fill(subject, mailboxes.get(i), sizes.get(i), OCTETS);
        }
    }

    @Override
    public List<Value> run(Subject subject) throws IOException, InterruptedException {
        List<Mailbox> mailboxes = subject.mailboxes(Mailbox.Use.SIZES);
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            double millis = median(subject, mailboxes.get(i)) / 1e6;
            values.add(new Value(figure(sizes.get(i)), "ms", false, millis));
        }
        double ratio = values.getLast().amount() / values.getFirst().amount();
        values.add(new Value(ratio(), "x", false, ratio));
        return values;
    }

    private double median(Subject subject, Mailbox mailbox) throws IOException {
        byte[] data = Letters.data(Letters.letter(OCTETS));
        long[] took = new long[times];
        try (ImapClient session = subject.session(mailbox);
                Sender sender =
                        new Sender(subject.lmtp().orElseThrow(), DeliveryLoad.Protocol.LMTP)) {
            for (int i = 0; i < times; i++) {
                sender.send(mailbox.address(), data);
                long begun = Time.system().nanos();
                ImapClient.Answer answer = session.run("SELECT INBOX");
                took[i] = Time.system().nanos() - begun;
                if (!answer.isOk()) {
                    throw new IOException("SELECT refused: " + answer.tagged());
                }
            }
        }
        return Sample.of(took).median();
    }
}
