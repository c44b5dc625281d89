package io.mailkeep.message;

import io.mailkeep.message.internal.HeaderScanner;
import io.mailkeep.message.internal.WireText;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The fields of one header block (RFC 5322 2.2) with their exact byte ranges, read once in bounded
 * memory; never fails on content ({@code ATK-34}).
 *
 * <p>Ranges are exact for every listed field, however long; {@link #value} and {@link #raw} know
 * the bytes within the limit only. A block with more fields than the limit lists the first ones and
 * is {@link #truncated()}.
 */
public final class HeaderBlock {
    private final List<HeaderField> fields;
    private final byte[] held;
    private final long start;
    private final long end;
    private final boolean truncated;

    /** For the scanner of this room: {@code held} is the block's beginning, not to be changed. */
    public HeaderBlock(
            List<HeaderField> fields, byte[] held, long start, long end, boolean truncated) {
        this.fields = List.copyOf(fields);
        this.held = held;
        this.start = start;
        this.end = end;
        this.truncated = truncated;
    }

    /**
     * Reads the header of a message, up to the empty line or the end. Reads ahead: where the stream
     * stands afterwards is not said.
     */
    public static HeaderBlock of(InputStream message, OutlineLimits limits) throws IOException {
        HeaderScanner scanner = new HeaderScanner(0, limits);
        byte[] chunk = new byte[8192];
        for (int n = message.read(chunk); n >= 0; n = message.read(chunk)) {
            int from = 0;
            while (from < n) {
                int to = WireText.afterLineFeed(chunk, from, n);
                scanner.piece(chunk, from, to);
                if (chunk[to - 1] == '\n' && scanner.lineEnd()) {
                    return scanner.block();
                }
                from = to;
            }
        }
        return scanner.block();
    }

    /** The fields in order. */
    public List<HeaderField> fields() {
        return fields;
    }

    /** Offset after the empty line, or of the end if there is none. */
    public long end() {
        return end;
    }

    /** Whether there was more than the limits let in. */
    public boolean truncated() {
        return truncated;
    }

    /** How many fields have this name. */
    public long count(String name) {
        return fields.stream().filter(field -> field.is(name)).count();
    }

    /** The unfolded value of the first field with this name. */
    public Optional<String> first(String name) {
        return fields.stream().filter(field -> field.is(name)).findFirst().map(this::value);
    }

    /** The unfolded values of all fields with this name. */
    public List<String> all(String name) {
        return fields.stream().filter(field -> field.is(name)).map(this::value).toList();
    }

    /**
     * A field's value unfolded (RFC 5322 2.2.3) and trimmed; UTF-8, else ISO-8859-1; encoded words
     * untouched; without line breaks and NUL.
     */
    public String value(HeaderField field) {
        return WireText.unfolded(held, index(field.valueStart()), index(field.end()));
    }

    /** A field's bytes, name and line breaks included, as far as they are held. */
    public byte[] raw(HeaderField field) {
        return Arrays.copyOfRange(held, index(field.start()), index(field.end()));
    }

    private int index(long offset) {
        return (int) Math.min(offset - start, held.length);
    }
}
