package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * APPEND with 8 sessions: what it takes in a second, and what that takes on disk.
 *
 * @param messages of a round
 * @param octets of a message
 * @param rateFactor how many times Dovecot's rate we mean to reach; 0: no goal
 * @param diskMost bytes on disk a byte stored, indexes left out, that we mean to need; 0: no goal
 */
record AppendLoad(int messages, int octets, double rateFactor, double diskMost) implements Load {
    private static final int SESSIONS = 8;

    @Override
    public String name() {
        return "APPEND %s, 8 sessions".formatted(size());
    }

    private String size() {
        return octets % 1024 == 0 ? octets / 1024 + " KiB" : octets / 1000 + " KB";
    }

    private String disk() {
        return "disk bytes a byte stored, %s messages".formatted(size());
    }

    @Override
    public List<Goal> goals() {
        List<Goal> goals = new ArrayList<>();
        if (rateFactor > 0) {
            goals.add(new Goal.Factor(name(), Peer.DOVECOT, rateFactor));
        }
        if (diskMost > 0) {
            goals.add(new Goal.Limit(disk(), diskMost));
        }
        return goals;
    }

    @Override
    public List<Value> run(Subject subject) throws IOException, InterruptedException {
        MailStore store = (MailStore) subject;
        List<ImapClient> sessions = new ArrayList<>();
        try {
            List<Mailbox> all = store.mailboxes(Mailbox.Use.DELIVERY);
            for (Mailbox mailbox : all.subList(0, SESSIONS)) {
                sessions.add(store.session(mailbox));
            }
            MailStore.Disk before = store.disk();
            long begun = Time.system().nanos();
            byte[] letter = Letters.letter(octets);
            Appends.run(sessions, letter, messages);
            double seconds = (Time.system().nanos() - begun) / 1e9;
            MailStore.Disk after = store.disk();
            double stored = (double) messages * letter.length;
            return List.of(
                    new Value(name(), "messages/s", true, messages / seconds),
                    new Value(disk(), "x", false, (after.mail() - before.mail()) / stored),
                    new Value(
                            disk() + ": indexes besides",
                            "x",
                            false,
                            (after.besides() - before.besides()) / stored));
        } finally {
            for (ImapClient session : sessions) {
                session.close();
            }
        }
    }
}
