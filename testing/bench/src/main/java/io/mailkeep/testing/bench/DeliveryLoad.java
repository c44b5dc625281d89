package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Mail to each mailbox in turn, until all of it is in its mailbox: an accepted message that waits
 * in a queue isn't delivered yet.
 *
 * @param protocol by which it goes in
 * @param connections that send at the same time
 * @param messages of a round
 * @param octets of a message
 */
record DeliveryLoad(Protocol protocol, int connections, int messages, int octets) implements Load {
    /** How mail goes in. */
    enum Protocol {
        SMTP,
        LMTP
    }

    @Override
    public String name() {
        return "%s %s, %d connection%s"
                .formatted(protocol, size(), connections, connections == 1 ? "" : "s");
    }

    private String processor() {
        return name() + ": processor";
    }

    private String slowest() {
        return name() + ": p99 of 250";
    }

    private String size() {
        return octets >= 1 << 20 ? (octets >> 20) + " MiB" : (octets >> 10) + " KiB";
    }

    @Override
    public List<Goal> goals() {
        boolean smtp = protocol == Protocol.SMTP;
        Peer peer = smtp ? Peer.POSTFIX : Peer.DOVECOT;
        if (octets >= 1 << 20) {
            return List.of(new Goal.Factor(name(), peer, smtp ? 2 : 1));
        }
        if (connections == 1) {
            return List.of(new Goal.Factor(name(), peer, smtp ? 2 : 1.3));
        }
        Goal.Factor rate = new Goal.Factor(name(), peer, smtp ? 8 : 3);
        Goal.Factor less = new Goal.Factor(processor(), peer, smtp ? 10 : 4);
        Goal.Limit most = new Goal.Limit(processor(), 0.45);
        return smtp
                ? List.of(rate, less, most, new Goal.Factor(slowest(), peer, 7))
                : List.of(rate, less, most);
    }

    @Override
    public boolean fits(Subject subject) {
        return door(subject).isPresent();
    }

    private Optional<InetSocketAddress> door(Subject subject) {
        return protocol == Protocol.SMTP ? subject.smtp() : subject.lmtp();
    }

    @Override
    public List<Value> run(Subject subject) throws IOException, InterruptedException {
        List<Mailbox> mailboxes = subject.mailboxes(Mailbox.Use.DELIVERY);
        List<ImapClient> sessions = new ArrayList<>();
        try {
            for (Mailbox mailbox : mailboxes) {
                sessions.add(subject.session(mailbox));
            }
            long[] before = new long[sessions.size()];
            for (int i = 0; i < before.length; i++) {
                before[i] = Inbox.messages(sessions.get(i));
            }
            long cpu = Processes.cpuMillis(subject.roots());
            long begun = Time.system().nanos();
            long[] took = send(subject, mailboxes);
            for (int i = 0; i < before.length; i++) {
                int share = messages / before.length + (i < messages % before.length ? 1 : 0);
                Inbox.await(sessions.get(i), before[i] + share);
            }
            double seconds = (Time.system().nanos() - begun) / 1e9;
            double cpuEach = (double) (Processes.cpuMillis(subject.roots()) - cpu) / messages;
            return List.of(
                    new Value(name(), "messages/s", true, messages / seconds),
                    new Value(processor(), "ms/message", false, cpuEach),
                    new Value(slowest(), "ms", false, Sample.of(took).percentile(99) / 1e6));
        } finally {
            for (ImapClient session : sessions) {
                session.close();
            }
        }
    }

    /** Answers how long each message took from MAIL to 250, in ns. */
    private long[] send(Subject subject, List<Mailbox> mailboxes)
            throws IOException, InterruptedException {
        byte[] data = Letters.data(Letters.letter(octets));
        InetSocketAddress door = door(subject).orElseThrow();
        AtomicInteger next = new AtomicInteger();
        long[] took = new long[messages];
        Together.run(
                connections,
                client -> {
                    try (Sender sender = new Sender(door, protocol)) {
                        for (int n = next.getAndIncrement();
                                n < messages;
                                n = next.getAndIncrement()) {
                            String to = mailboxes.get(n % mailboxes.size()).address();
                            long begun = Time.system().nanos();
                            sender.send(to, data);
                            took[n] = Time.system().nanos() - begun;
                        }
                    }
                });
        return took;
    }
}
