package io.mailkeep.message.internal;

import io.mailkeep.message.HeaderBlock;
import io.mailkeep.message.HeaderField;
import io.mailkeep.message.OutlineLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes a header block line by line and notes where its fields start; holds its first bytes only.
 *
 * <p>A line that begins with a space or tab continues the field above (RFC 5322 2.2.3).
 */
public final class HeaderScanner {
    private final long start;
    private final OutlineLimits limits;
    private byte[] held = new byte[1024];
    private int heldLength;
    private long[] starts = new long[16];
    private int count;
    private long at;
    private long lineStart;
    private int lineHeld;
    private boolean lineStartsField;
    private byte lineFirst;
    private long fieldsEnd = -1;
    private boolean truncated;

    /** {@code start}: offset of the block's first byte. */
    public HeaderScanner(long start, OutlineLimits limits) {
        this.start = start;
        this.limits = limits;
        this.at = start;
        this.lineStart = start;
    }

    /** A line, or a piece of one; a line feed only as its last byte. */
    public void piece(byte[] bytes, int from, int to) {
        if (at == lineStart) {
            beginLine(bytes[from]);
        }
        at += to - from;
        int room = Math.min(to - from, limits.headerBytes() - heldLength);
        if (room < to - from) {
            truncated = true;
        }
        if (room > 0) {
            if (heldLength + room > held.length) {
                held = Arrays.copyOf(held, Math.max(heldLength + room, held.length * 2));
            }
            System.arraycopy(bytes, from, held, heldLength, room);
            heldLength += room;
        }
    }

    /** The line is over; true if it was empty, and so the block is. */
    public boolean lineEnd() {
        long length = at - lineStart;
        boolean empty = length == 1 || (length == 2 && lineFirst == '\r');
        if (empty) {
            forgetLine();
        }
        lineStart = at;
        return empty;
    }

    /** The line that was just given belongs to somebody else: the block ended before it. */
    public void dropLine() {
        forgetLine();
        heldLength = lineHeld;
        at = lineStart;
    }

    /** Offset of the block's first byte. */
    public long start() {
        return start;
    }

    /** The fields found. */
    public HeaderBlock block() {
        List<HeaderField> fields = new ArrayList<>(count);
        long last = fieldsEnd >= 0 ? fieldsEnd : at;
        for (int i = 0; i < count; i++) {
            fields.add(field(starts[i], i + 1 < count ? starts[i + 1] : last));
        }
        return new HeaderBlock(fields, Arrays.copyOf(held, heldLength), start, at, truncated);
    }

    private void beginLine(byte first) {
        lineFirst = first;
        lineHeld = heldLength;
        lineStartsField = false;
        boolean continued = (first == ' ' || first == '\t') && count > 0;
        if (continued) {
            return;
        }
        if (count == limits.headerFields()) {
            truncated |= first != '\r' && first != '\n';
            fieldsEnd = fieldsEnd < 0 ? at : fieldsEnd;
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = at;
        lineStartsField = true;
    }

    private void forgetLine() {
        if (lineStartsField) {
            count--;
            lineStartsField = false;
        }
        fieldsEnd = fieldsEnd < 0 ? lineStart : fieldsEnd;
    }

    private HeaderField field(long from, long to) {
        int first = (int) Math.min(from - start, heldLength);
        int end = (int) Math.min(to - start, heldLength);
        int colon = first;
        while (colon < end && held[colon] != ':' && held[colon] != '\n') {
            colon++;
        }
        if (colon == end || held[colon] != ':') {
            return new HeaderField("", from, from, to);
        }
        String name =
                new String(held, first, colon - first, StandardCharsets.ISO_8859_1).stripTrailing();
        return new HeaderField(name, from, start + colon + 1, to);
    }
}
