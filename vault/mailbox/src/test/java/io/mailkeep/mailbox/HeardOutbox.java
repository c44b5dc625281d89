package io.mailkeep.mailbox;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Outbox;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An outbox that remembers what the log took out of it. */
final class HeardOutbox implements Outbox {
    private static final int ALL = 100_000;

    private final Outbox outbox;
    private final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();

    HeardOutbox(Outbox outbox) {
        this.outbox = outbox;
    }

    /** The entries that wait. */
    List<String> waiting() {
        return outbox.take(ALL).stream().map(HeardOutbox::text).toList();
    }

    /** The entries that the log saw. */
    List<String> taken() {
        return List.copyOf(taken);
    }

    @Override
    public void append(List<Entry> entries) {
        outbox.append(entries);
    }

    @Override
    public List<Entry> take(int limit) {
        List<Entry> entries = outbox.take(limit);
        entries.forEach(one -> taken.add(text(one)));
        return entries;
    }

    @Override
    public void published(Collection<UUID> ids) {
        outbox.published(ids);
    }

    @Override
    public Backlog backlog() {
        return outbox.backlog();
    }

    private static String text(Entry entry) {
        return new String(entry.bytes(), StandardCharsets.UTF_8);
    }
}
