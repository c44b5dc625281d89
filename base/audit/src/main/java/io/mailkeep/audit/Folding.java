package io.mailkeep.audit;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A flood of equal refusals neither fills the disk nor hides what stands between: the first ones
 * stand each for itself, the rest of every two seconds becomes one entry with its count, first and
 * last time ({@code ATK-115}).
 *
 * <p>Only refusals of what strangers can ask for are folded, never what was granted, what failed,
 * nor a staff or key action; and only those that are equal in everything that would be told. Not
 * protected: a process that is killed takes the count of at most two seconds with it; that there
 * was a flood stands on the log by then.
 */
@Claim({"DAT-6", "ATK-115"})
final class Folding {
    /** Equal refusals of a span that stand each for itself. */
    static final int APART = 3;

    static final Duration SPAN = Duration.ofSeconds(2);

    private static final int GROUPS_MAX = 1_024;

    private static final Set<EventType> FOLDED =
            EnumSet.of(
                    EventType.TICKET_DECISION,
                    EventType.SIGN_IN,
                    EventType.MAIL_REFUSED,
                    EventType.TLS_INJECTION);

    private final Time time;
    private final Map<Event, Group> groups = new HashMap<>();

    private static final class Group {
        private long began;
        private int apart;
        private long count;
        private Instant first = Instant.EPOCH;
        private Instant last = Instant.EPOCH;
    }

    Folding(Time time) {
        this.time = time;
    }

    /** Whether this event is counted with others of its kind instead of standing for itself. */
    synchronized boolean counts(Event event) {
        if (event.decision() != Event.Decision.REFUSED || !FOLDED.contains(event.type())) {
            return false;
        }
        Group group = groups.get(event);
        if (group == null) {
            if (groups.size() >= GROUPS_MAX) {
                return false;
            }
            group = new Group();
            group.began = time.nanos();
            groups.put(event, group);
        }
        if (group.apart < APART) {
            group.apart++;
            return false;
        }
        group.last = time.instant().truncatedTo(ChronoUnit.MICROS);
        group.first = group.count == 0 ? group.last : group.first;
        group.count++;
        return true;
    }

    /** How many are counted and not due yet. */
    synchronized long waiting() {
        return groups.values().stream().mapToLong(group -> group.count).sum();
    }

    /** An entry that stood for itself couldn't be stored: it isn't one of the first. */
    synchronized void notStored(Event event) {
        Group group = groups.get(event);
        if (group != null && group.apart > 0) {
            group.apart--;
        }
    }

    /**
     * What the spans that are over come to, all spans if {@code all}. A kind that still comes goes
     * on being counted; one that stopped is forgotten.
     */
    synchronized List<Event> due(boolean all) {
        List<Event> due = new ArrayList<>();
        long now = time.nanos();
        Iterator<Map.Entry<Event, Group>> each = groups.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Event, Group> one = each.next();
            Group group = one.getValue();
            if (all || now - group.began >= SPAN.toNanos()) {
                if (group.count == 0) {
                    each.remove();
                } else {
                    due.add(folded(one.getKey(), group));
                    group.count = 0;
                    group.began = now;
                }
            }
        }
        return due;
    }

    private static Event folded(Event event, Group group) {
        Map<String, String> facts = new HashMap<>(event.facts());
        facts.put("of", event.type().id());
        facts.put("count", Long.toString(group.count));
        facts.put("first", group.first.toString());
        facts.put("last", group.last.toString());
        return new Event(
                EventType.ENTRIES_FOLDED,
                event.tenant(),
                event.actor(),
                event.decision(),
                event.object(),
                facts,
                event.personal());
    }
}
