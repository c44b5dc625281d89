package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a client costs that signed in over TLS and idles: growth of all the server's processes from
 * one such client to many. The server starts anew before, else memory that it had for other work
 * would hide the growth.
 *
 * @param connections in all
 */
record ConnectionsLoad(int connections) implements Load {
    private static final int AT_ONCE = 8;

    /** What signing in left behind may go; what IDLE says now and then has been said. */
    private static final Duration REST = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "idle TLS connections";
    }

    private String memory() {
        return String.format(Locale.ROOT, "memory of each of %,d %s", connections, name());
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal.Limit(memory(), 48));
    }

    @Override
    public boolean startsAnew() {
        return true;
    }

    @Override
    public List<Value> run(Subject subject) throws IOException, InterruptedException {
        MailStore store = (MailStore) subject;
        List<Mailbox> mailboxes = store.mailboxes(Mailbox.Use.IDLING);
        store.stop();
        store.start();
        Queue<ImapClient> open = new ConcurrentLinkedQueue<>();
        try {
            open.add(idling(store, mailboxes.getFirst()));
            Time.system().sleep(REST);
            long before = Processes.memory(store.roots());
            AtomicReference<IOException> stopped = new AtomicReference<>();
            open(store, mailboxes, open, stopped);
            Time.system().sleep(REST);
            long after = Processes.memory(store.roots());
            int held = open.size();
            if (held < connections) {
                IOException why = stopped.get();
                throw new IOException(
                        "%d connections came about, then: %s; they took %s KiB each"
                                .formatted(
                                        held,
                                        why == null ? "nothing" : why.getMessage(),
                                        Report.number(
                                                (after - before) / 1024.0 / Math.max(1, held - 1))),
                        why);
            }
            double each = (after - before) / 1024.0 / (held - 1);
            return List.of(new Value(memory(), "KiB", false, each));
        } finally {
            for (ImapClient session : open) {
                session.close();
            }
        }
    }

    private void open(
            MailStore store,
            List<Mailbox> mailboxes,
            Queue<ImapClient> open,
            AtomicReference<IOException> stopped)
            throws IOException, InterruptedException {
        Progress progress = new Progress(connections, "connections");
        AtomicInteger next = new AtomicInteger(open.size());
        Together.run(
                AT_ONCE,
                client -> {
                    // each its own accounts: many sign-ins at once to one would be slowed down
                    int step = mailboxes.size() / AT_ONCE;
                    int mine = 0;
                    while (next.getAndIncrement() < connections && stopped.get() == null) {
                        try {
                            int account = client * step + mine++ % step;
                            open.add(idling(store, mailboxes.get(account)));
                            progress.done(open.size());
                        } catch (IOException full) {
                            stopped.compareAndSet(null, full);
                        }
                    }
                });
    }

    private static ImapClient idling(MailStore store, Mailbox mailbox) throws IOException {
        ImapClient session = store.session(mailbox);
        ExistsLoad.idle(session);
        return session;
    }
}
