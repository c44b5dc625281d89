package io.mailkeep.mailbox;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Flags and keywords of a message. Keywords keep the spelling they were first given with and
 * compare without case.
 */
public record Flags(Set<Flag> system, Set<String> keywords) {
    /** The system flags (RFC 9051 2.3.2); the bit is stored. */
    public enum Flag {
        ANSWERED(1),
        FLAGGED(2),
        DELETED(4),
        SEEN(8),
        DRAFT(16);

        private final int bit;

        Flag(int bit) {
            this.bit = bit;
        }

        /** The bit in the database. */
        public int bit() {
            return bit;
        }
    }

    /** No flag at all. */
    public static final Flags NONE = new Flags(Set.of(), Set.of());

    public Flags {
        system =
                system.isEmpty()
                        ? Set.of()
                        : java.util.Collections.unmodifiableSet(EnumSet.copyOf(system));
        TreeSet<String> sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        sorted.addAll(keywords);
        keywords = java.util.Collections.unmodifiableSet(sorted);
    }
}
