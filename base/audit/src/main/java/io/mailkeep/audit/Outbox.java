package io.mailkeep.audit;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** The port to the durable outbox: an entry is <em>durable</em> once its row is committed. */
public interface Outbox {
    /** Stores the entries in a transaction of their own; durable on return. */
    void append(List<Entry> entries);

    /**
     * Up to this many entries that aren't published yet, in no promised order: late commits appear
     * late.
     */
    List<Entry> take(int limit);

    /** Forgets entries that are published; unknown ids are ignored. */
    void published(Collection<UUID> ids);

    /** How much waits, and since when. */
    Backlog backlog();

    /**
     * @param oldest the age of the oldest waiting entry, zero if none
     */
    record Backlog(long entries, Duration oldest) {}
}
