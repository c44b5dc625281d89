package io.mailkeep.message.internal;

import io.mailkeep.message.Envelope;
import io.mailkeep.message.HeaderBlock;
import io.mailkeep.message.HeaderField;
import io.mailkeep.message.Outline;
import io.mailkeep.message.OutlineLimits;
import io.mailkeep.message.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks a message's lines once, with a stack of open parts, and notes where parts begin and end
 * (RFC 2046 5.1). Holds one header block and the beginning of one line; nothing recurses.
 *
 * <p>A line is a boundary if it begins with two hyphens and the boundary of an open multipart; of
 * several that fit, the longest counts, of equal ones the innermost. The line break before it
 * belongs to it. Beyond a limit the message is shown whole, as text.
 */
public final class StructureReader {
    /** RFC 2046 5.1.1 says 70; longer ones are seen and hurt nobody up to here. */
    private static final int BOUNDARY_LENGTH = 256;

    private static final int HEAD = 2 + BOUNDARY_LENGTH + 2;
    private static final int ADDRESSES = 5_000;
    private static final int PREVIEW_BYTES = 16 * 1024;

    private final OutlineLimits limits;
    private final List<OpenPart> open = new ArrayList<>();
    private final byte[] head = new byte[HEAD];
    private final ByteArrayOutputStream previewBytes = new ByteArrayOutputStream();
    private @Nullable HeaderScanner header;
    private @Nullable OpenPart previewPart;
    private String preview = "";
    private Optional<Outline> whole = Optional.empty();
    private boolean previewChosen;
    private boolean opaque;
    private int headLength;
    private int parts = 1;
    private int addresses;
    private long cost;
    private long at;
    private long lineStart;
    private long lines;
    private int lineBreak;
    private int lineBreakBefore;
    private byte last;
    private byte lastButOne;

    public StructureReader(OutlineLimits limits) {
        this.limits = limits;
    }

    /** The outline of everything this stream gives. */
    public Outline read(InputStream message) throws IOException {
        begin(new OpenPart(0, true, false));
        byte[] chunk = new byte[16 * 1024];
        for (int n = message.read(chunk); n >= 0; n = message.read(chunk)) {
            int from = 0;
            while (from < n) {
                int to = WireText.afterLineFeed(chunk, from, n);
                piece(chunk, from, to);
                if (chunk[to - 1] == '\n') {
                    lineEnd();
                }
                from = to;
            }
        }
        return finish();
    }

    private void piece(byte[] chunk, int from, int to) {
        int room = Math.min(to - from, HEAD - headLength);
        System.arraycopy(chunk, from, head, headLength, room);
        headLength += room;
        at += to - from;
        lastButOne = to - from > 1 ? chunk[to - 2] : last;
        last = chunk[to - 1];
        if (header != null) {
            header.piece(chunk, from, to);
        } else if (previewPart != null && previewBytes.size() < PREVIEW_BYTES) {
            previewBytes.write(
                    chunk, from, Math.min(to - from, PREVIEW_BYTES - previewBytes.size()));
        }
    }

    private void lineEnd() {
        lines++;
        lineBreak = at - lineStart > 1 && lastButOne == '\r' ? 2 : 1;
        line();
        lineBreakBefore = lineBreak;
        lineStart = at;
        headLength = 0;
    }

    /** A line has been read to its end; {@code lines} counts it if it has a line feed. */
    private void line() {
        OpenPart multipart = opaque ? null : boundaryOwner();
        if (multipart != null) {
            boundary(multipart);
        } else if (header != null && last == '\n' && header.lineEnd()) {
            headerDone(at, lines);
        }
    }

    private @Nullable OpenPart boundaryOwner() {
        if (headLength < 3 || head[0] != '-' || head[1] != '-') {
            return null;
        }
        OpenPart best = null;
        int length = 0;
        for (int i = open.size() - 1; i >= 0; i--) {
            byte[] boundary = open.get(i).boundary;
            if (boundary != null && boundary.length > length && headHas(boundary)) {
                best = open.get(i);
                length = boundary.length;
            }
        }
        return best;
    }

    private boolean headHas(byte[] boundary) {
        if (headLength < 2 + boundary.length) {
            return false;
        }
        // compared from the end: boundaries share beginnings, seldom ends
        for (int i = boundary.length - 1; i >= 0; i--) {
            if (head[2 + i] != boundary[i]) {
                return false;
            }
        }
        return true;
    }

    private void boundary(OpenPart multipart) {
        long before = lineStart - lineBreakBefore;
        if (header != null) {
            header.dropLine();
            // a header that ends here has no empty line; what follows it is empty as well
            while (header != null && !opaque) {
                long bodyStart = Math.max(header.start(), before);
                headerDone(bodyStart, linesUpTo(bodyStart));
            }
        }
        if (opaque) {
            return;
        }
        // the empty line above belongs to the header it ends, not to this boundary
        long end = Math.max(before, open.getLast().bodyStart);
        long linesAtEnd = linesUpTo(end);
        while (open.getLast() != multipart) {
            close(end, linesAtEnd);
        }
        int tail = 2 + (multipart.boundary == null ? 0 : multipart.boundary.length);
        boolean closing = headLength >= tail + 2 && head[tail] == '-' && head[tail + 1] == '-';
        if (closing) {
            multipart.boundary = null;
            return;
        }
        parts++;
        if (parts > limits.parts() || open.size() >= limits.depth()) {
            giveUp();
            return;
        }
        begin(new OpenPart(at, false, multipart.isDigest()));
    }

    /**
     * Line feeds before this offset, which is where the current line starts or the one above ends.
     */
    private long linesUpTo(long offset) {
        long above = lines - (last == '\n' ? 1 : 0);
        return offset < lineStart ? above - 1 : above;
    }

    private void begin(OpenPart part) {
        open.add(part);
        header = new HeaderScanner(part.headerStart, limits);
    }

    private void headerDone(long bodyStart, long linesBefore) {
        HeaderScanner scanner = header;
        header = null;
        if (scanner == null) {
            return;
        }
        OpenPart part = open.getLast();
        HeaderBlock block = scanner.block();
        part.bodyStart = bodyStart;
        part.linesBefore = linesBefore;
        part.fields = MimeFields.of(block, part.inDigest);
        if (part.messageRoot) {
            part.envelope = EnvelopeFields.of(block, ADDRESSES - addresses);
            addresses += EnvelopeFields.addresses(part.envelope);
        }
        cost += costOf(block, part);
        if (open.size() > 1 && cost > 4L * limits.headerBytes()) {
            giveUp();
            return;
        }
        openBody(part);
    }

    /** About the memory that an outline keeps of a header: many small parts cost as one big one. */
    private long costOf(HeaderBlock block, OpenPart part) {
        long bytes = 200L + 100L * part.fields.parameters().size();
        for (HeaderField field : block.fields()) {
            boolean kept =
                    part.messageRoot || field.name().regionMatches(true, 0, "Content-", 0, 8);
            bytes += kept ? field.end() - field.start() : 0;
        }
        return Math.min(bytes, limits.headerBytes());
    }

    private void openBody(OpenPart part) {
        if (part.isMultipart()) {
            Optional<byte[]> boundary =
                    part.fields.parameter("boundary").map(StructureReader::boundaryBytes);
            part.boundary =
                    boundary.filter(one -> one.length > 0 && one.length <= BOUNDARY_LENGTH)
                            .orElse(null);
        } else if (part.isMessage()) {
            if (open.size() >= limits.depth()) {
                giveUp();
            } else {
                begin(new OpenPart(part.bodyStart, true, false));
            }
        } else if (!previewChosen
                && part.fields.type().equals("text")
                && !part.fields.isAttachment()) {
            previewChosen = true;
            previewPart = part;
        }
    }

    private static byte[] boundaryBytes(String boundary) {
        return boundary.stripTrailing().getBytes(StandardCharsets.UTF_8);
    }

    private void close(long end, long linesAtEnd) {
        OpenPart part = open.removeLast();
        Part closed = part.close(end, linesAtEnd);
        if (part == previewPart) {
            int length = (int) Math.min(previewBytes.size(), closed.size());
            preview = PreviewText.of(previewBytes.toByteArray(), length, closed);
            previewPart = null;
            previewBytes.reset();
        }
        if (open.isEmpty()) {
            whole = Optional.of(new Outline(part.envelope, closed, preview, at, opaque));
        } else {
            open.getLast().take(part, closed);
        }
    }

    /** Beyond the limits: from here on only the end is looked for. */
    private void giveUp() {
        opaque = true;
        header = null;
        previewPart = null;
        preview = "";
        OpenPart root = open.getFirst();
        open.clear();
        open.add(root);
        root.children.clear();
        boolean identity = List.of("7bit", "8bit", "binary").contains(root.fields.encoding());
        root.fields = MimeFields.plain(identity ? root.fields.encoding() : "7bit");
        root.boundary = null;
    }

    private Outline finish() {
        if (headLength > 0) {
            lineBreak = 0;
            line();
        }
        while (header != null) {
            headerDone(at, lines);
        }
        while (!open.isEmpty()) {
            close(at, lines);
        }
        return whole.orElseGet(() -> new Outline(Envelope.none(), empty(), "", 0, false));
    }

    private static Part empty() {
        return new OpenPart(0, true, false).close(0, 0);
    }
}
