package io.mailkeep.kernel;

/**
 * A change's number in its mailbox (RFC 7162 3): 1 to 2^63 - 1, from a counter, never from a clock.
 */
public record ModSeq(long value) implements Comparable<ModSeq> {
    public ModSeq {
        if (value < 0) {
            throw new IllegalArgumentException("MODSEQ " + value);
        }
    }

    @Override
    public int compareTo(ModSeq other) {
        return Long.compare(value, other.value);
    }
}
