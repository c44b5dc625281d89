package io.mailkeep.message;

/**
 * Where one field of a header block stands. Offsets count as those of the stream that was read.
 *
 * @param name as sent, without the colon; empty for a line that isn't a field
 * @param start of the name
 * @param valueStart after the colon
 * @param end exclusive, after the last folded line's line break
 */
public record HeaderField(String name, long start, long valueStart, long end) {
    /** Whether it has this name (RFC 5322 1.2.2: case doesn't matter). */
    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    @Override
    public String toString() {
        return "[header field]";
    }
}
