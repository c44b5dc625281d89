package io.mailkeep.transport.internal;

import io.mailkeep.kernel.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Lets a message through to a sink and looks at its header on the way: removes forged fields,
 * counts hops, keeps what says who wrote it. Changes nothing else; holds one field at a time.
 *
 * <p>Lines end in CRLF here: whoever feeds it made sure. A line before the first empty one that is
 * no field counts as one without a name, since mail programs read on behind it.
 */
public final class HeaderFilter {
    private static final int AUTHORS = 4;

    private final OutputStream sink;
    private final ForgedFields forged;
    private final int headerOctets;
    private final int receivedFields;
    private byte[] held = new byte[512];
    private int size;
    private int lineStart;
    private boolean inHeader = true;
    private long octets;
    private int received;
    private int removed;
    private boolean wellFormed = true;
    private final List<String> from = new ArrayList<>();
    private final List<String> sender = new ArrayList<>();
    private Optional<Problem> problem = Optional.empty();

    public HeaderFilter(
            OutputStream sink, ForgedFields forged, int headerOctets, int receivedFields) {
        this.sink = sink;
        this.forged = forged;
        this.headerOctets = headerOctets;
        this.receivedFields = receivedFields;
    }

    /** The next bytes of the message. */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (inHeader && at < end && problem.isEmpty()) {
            int next = afterLineEnd(bytes, at, end);
            hold(bytes, at, next - at);
            octets += next - at;
            if (octets > headerOctets) {
                problem =
                        Optional.of(
                                Problem.malformed(
                                        552,
                                        "5.3.4",
                                        "The header is too long: at most "
                                                + headerOctets
                                                + " octets"));
            } else if (bytes[next - 1] == '\n') {
                endLine();
            }
            at = next;
        }
        if (problem.isEmpty() && at < end) {
            sink.write(bytes, at, end - at);
        }
    }

    /** The message is complete: a header without an empty line behind it ends here too. */
    public void finish() throws IOException {
        if (inHeader && problem.isEmpty()) {
            endField(size);
            inHeader = false;
        }
    }

    /** Why the message can't be taken; empty if it can. */
    public Optional<Problem> problem() {
        return problem;
    }

    /** Fields that were removed. */
    public int removed() {
        return removed;
    }

    /** Every line of the header is a field. */
    public boolean wellFormed() {
        return wellFormed;
    }

    /** The values of the {@code From} fields, unfolded, the first few. */
    public List<String> from() {
        return List.copyOf(from);
    }

    /** The values of the {@code Sender} fields, unfolded, the first few. */
    public List<String> sender() {
        return List.copyOf(sender);
    }

    /** What is held are the lines so far of one field, the newest from {@code lineStart} on. */
    private void endLine() throws IOException {
        boolean empty = size - lineStart == 2 && held[lineStart] == '\r';
        boolean folded = lineStart > 0 && (held[lineStart] == ' ' || held[lineStart] == '\t');
        if (!folded) {
            endField(lineStart);
            if (empty) {
                sink.write(held, 0, size);
                size = 0;
                inHeader = false;
            }
        }
        lineStart = size;
    }

    /** The first {@code end} bytes held are a whole field: judges it and lets go of it. */
    private void endField(int end) throws IOException {
        if (end == 0) {
            return;
        }
        String text = new String(held, 0, end, StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon).stripTrailing();
        boolean remove = false;
        if (!isName(name)) {
            wellFormed = false;
        } else if (judge(name, text.substring(colon + 1))) {
            removed++;
            remove = true;
        }
        if (!remove) {
            sink.write(held, 0, end);
        }
        System.arraycopy(held, end, held, 0, size - end);
        size -= end;
    }

    private void hold(byte[] bytes, int offset, int length) {
        if (size + length > held.length) {
            held = Arrays.copyOf(held, Math.max(2 * held.length, size + length));
        }
        System.arraycopy(bytes, offset, held, size, length);
        size += length;
    }

    /** Notes what the field says; true if it has to go. */
    private boolean judge(String name, String value) {
        String unfolded = value.replace("\r\n", "").strip();
        switch (name.toLowerCase(Locale.ROOT)) {
            case "received" -> {
                if (++received > receivedFields) {
                    problem =
                            Optional.of(
                                    Problem.malformed(
                                            554, "5.4.6", "Too many hops: this is a mail loop"));
                }
            }
            case "from" -> keep(from, unfolded);
            case "sender" -> keep(sender, unfolded);
            default -> {
                // Nothing to note.
            }
        }
        return forged.forged(name, unfolded);
    }

    private static void keep(List<String> values, String value) {
        if (values.size() < AUTHORS) {
            values.add(value);
        }
    }

    /** RFC 5322 2.2: printable ASCII without colon; RFC 6532 leaves names as they are. */
    private static boolean isName(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static int afterLineEnd(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return end;
    }
}
