package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.util.List;

/**
 * How soon after {@code 250} a client that idles (RFC 9051 6.3.13) hears of the message.
 *
 * @param clients at the same time, each with a mailbox and a sender of its own
 * @param messages to each
 */
record ExistsLoad(int clients, int messages) implements Load {
    private static final int OCTETS = 4096;

    @Override
    public String name() {
        return "250 to EXISTS, %d idling clients".formatted(clients);
    }

    private String slowest() {
        return name() + ": p99";
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal.Factor(slowest(), Peer.DOVECOT, 25));
    }

    @Override
    public List<Value> run(Subject subject) throws IOException, InterruptedException {
        List<Mailbox> mailboxes = subject.mailboxes(Mailbox.Use.DELIVERY);
        long[] took = new long[clients * messages];
        Progress progress = new Progress(messages, "messages each");
        Together.run(
                clients,
                client -> {
                    Mailbox mailbox = mailboxes.get(client);
                    try (ImapClient session = subject.session(mailbox);
                            Sender sender =
                                    new Sender(
                                            subject.lmtp().orElseThrow(),
                                            DeliveryLoad.Protocol.LMTP)) {
                        idle(session);
                        for (int i = 0; i < messages; i++) {
                            took[client * messages + i] = one(session, sender, mailbox);
                            progress.done(i);
                        }
                    }
                });
        Sample sample = Sample.of(took);
        return List.of(
                new Value(slowest(), "ms", false, sample.percentile(99) / 1e6),
                new Value(name() + ": median", "ms", false, sample.median() / 1e6));
    }

    private static long one(ImapClient session, Sender sender, Mailbox mailbox) throws IOException {
        sender.send(mailbox.address(), Letters.data(Letters.letter(OCTETS)));
        long answered = Time.system().nanos();
        String heard = session.response();
        while (!heard.endsWith(" EXISTS")) {
            heard = session.response();
        }
        return Time.system().nanos() - answered;
    }

    /** Selects the inbox and idles there. */
    static void idle(ImapClient session) throws IOException {
        session.run("SELECT INBOX");
        session.send(session.tag() + " IDLE\r\n");
        String heard = session.response();
        while (!heard.startsWith("+")) {
            if (!heard.startsWith("*")) {
                throw new IOException("IDLE refused: " + heard);
            }
            heard = session.response();
        }
    }
}
