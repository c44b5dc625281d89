package io.mailkeep.kernel;

/**
 * A message's number in its folder (RFC 9051 2.3.1.1): 1 to 2^32 - 1, strictly growing, never
 * reused.
 */
public record Uid(long value) implements Comparable<Uid> {
    public Uid {
        if (value < 1 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("UID " + value);
        }
    }

    @Override
    public int compareTo(Uid other) {
        return Long.compare(value, other.value);
    }
}
