package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All bodies of a mailbox over TLS, by one client a mailbox, all at the same time.
 *
 * @param messages in each mailbox
 * @param octets of a message
 */
record BodiesLoad(int messages, int octets) implements Load {
    @Override
    public String name() {
        return "FETCH of bodies, %d KiB, 8 clients".formatted(octets >> 10);
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                new Goal.Factor(name(), Peer.DOVECOT, 1),
                new Goal.Factor(name(), Peer.ENCRYPTED, 12));
    }

    @Override
    public void prepare(Subject subject) throws IOException, InterruptedException {
        for (Mailbox mailbox : subject.mailboxes(Mailbox.Use.READING)) {
            Inbox.fill(subject, mailbox, messages, octets);
        }
    }

    @Override
    public List<Value> run(Subject subject) throws IOException, InterruptedException {
        List<ImapClient> sessions = new ArrayList<>();
        try {
            for (Mailbox mailbox : subject.mailboxes(Mailbox.Use.READING)) {
                ImapClient session = subject.session(mailbox);
                sessions.add(session);
                session.run("EXAMINE INBOX");
            }
            AtomicLong came = new AtomicLong();
            long begun = Time.system().nanos();
            Together.run(
                    sessions.size(),
                    client -> {
                        long least = (long) messages * octets;
                        String command = "FETCH 1:* BODY.PEEK[]";
                        came.addAndGet(Download.of(sessions.get(client), command, least).octets());
                    });
            double seconds = (Time.system().nanos() - begun) / 1e9;
            return List.of(new Value(name(), "MB/s", true, came.get() / 1e6 / seconds));
        } finally {
            for (ImapClient session : sessions) {
                session.close();
            }
        }
    }
}
