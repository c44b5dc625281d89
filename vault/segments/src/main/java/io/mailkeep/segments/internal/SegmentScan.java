package io.mailkeep.segments.internal;

import io.mailkeep.kernel.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Goes through a segment's bytes and recognises what is a record: by its lengths, its checksums and
 * its place. Needs no key. What isn't one is a gap; records after a gap are found again.
 */
public final class SegmentScan {
    private static final int WINDOW = 256 << 10;
    private static final int HEAD_WINDOW = 2 << 10;

    private final DiskFile file;
    private final SegmentIdentity segment;
    private final long end;
    private final ByteBuffer window;
    private long windowStart;
    private int windowLength;

    /** Looks at the bytes of the file before {@code end}. */
    public SegmentScan(DiskFile file, SegmentIdentity segment, long end) throws IOException {
        this.file = file;
        this.segment = segment;
        this.end = Math.min(end, file.size());
        this.window = ByteBuffer.allocate((int) Math.max(512, Math.min(WINDOW, this.end)));
    }

    private SegmentScan(DiskFile file, SegmentIdentity segment) throws IOException {
        this.file = file;
        this.segment = segment;
        this.end = file.size();
        this.window = ByteBuffer.allocate(HEAD_WINDOW);
    }

    /** The head of the record that begins here, if one does: for readers, with little memory. */
    public static Optional<RecordHead> headAt(DiskFile file, SegmentIdentity segment, long position)
            throws IOException {
        return new SegmentScan(file, segment).headAt(position);
    }

    /** A record whose head is right. */
    public record Found(long position, RecordHead head, boolean intact) {
        /** Where the next record should begin. */
        public long next() {
            return position + head.recordLength();
        }
    }

    /** Bytes that aren't part of an intact record. */
    public record Gap(long from, long to) {}

    /**
     * @param validEnd where the last intact record ends; the header's end if there is none
     * @param durable what the records prove to have been durable
     * @param gaps what lies before {@code validEnd} and isn't an intact record
     */
    public record Result(long records, long validEnd, long durable, List<Gap> gaps) {}

    /** Called for each record whose head is right. */
    @FunctionalInterface
    public interface Visitor {
        /** Looks at one. */
        void found(Found found) throws IOException;
    }

    /** Goes through all of it from this position on. */
    public Result run(long from, Visitor visitor) throws IOException {
        long records = 0;
        long validEnd = from;
        long durable = 0;
        List<Gap> gaps = new ArrayList<>();
        long at = from;
        while (at < end) {
            Optional<Found> found = recordAt(at);
            if (found.isEmpty()) {
                at = nextHead(at + 1);
                continue;
            }
            visitor.found(found.get());
            boolean fits = found.get().next() <= end;
            if (found.get().intact()) {
                if (at > validEnd) {
                    gaps.add(new Gap(validEnd, at));
                }
                records++;
                validEnd = found.get().next();
                durable = Math.max(durable, found.get().head().durable());
            }
            at = fits ? found.get().next() : nextHead(at + 1);
        }
        return new Result(records, validEnd, durable, gaps);
    }

    private Optional<RecordHead> headAt(long position) throws IOException {
        return headAt(position, segment.boundTo(position));
    }

    /** The record that begins here, read to its end. */
    public Optional<Found> recordAt(long position) throws IOException {
        CRC32C sum = segment.boundTo(position);
        Optional<RecordHead> head = headAt(position, sum);
        if (head.isEmpty()) {
            return Optional.empty();
        }
        long bodyStart = position + head.get().length();
        long bodyEnd = bodyStart + head.get().sealedLength();
        if (bodyEnd + RecordHead.TRAILER > end) {
            return Optional.of(new Found(position, head.get(), false));
        }
        sumUp(sum, bodyStart, bodyEnd);
        ByteBuffer trailer = at(bodyEnd, RecordHead.TRAILER);
        boolean intact =
                trailer.getInt() == RecordHead.END_MAGIC
                        && trailer.getInt() == (int) sum.getValue()
                        && trailer.getLong() == head.get().recordLength();
        return Optional.of(new Found(position, head.get(), intact));
    }

    private Optional<RecordHead> headAt(long position, CRC32C sum) throws IOException {
        ByteBuffer fixed = at(position, RecordHead.FIXED);
        Optional<Integer> length = RecordHead.announced(fixed);
        if (length.isEmpty() || position + length.get() > end) {
            return Optional.empty();
        }
        byte[] bytes = new byte[length.get()];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        if (length.get() <= window.capacity()) {
            into.put(at(position, length.get()));
        } else {
            file.read(position, into);
        }
        return into.hasRemaining() ? Optional.empty() : RecordHead.decode(bytes, sum);
    }

    private void sumUp(CRC32C sum, long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            ByteBuffer part = at(position, (int) Math.min(window.capacity(), to - position));
            if (!part.hasRemaining()) {
                return;
            }
            position += part.remaining();
            sum.update(part);
        }
    }

    private long nextHead(long from) throws IOException {
        long position = from;
        while (position + RecordHead.FIXED <= end) {
            ByteBuffer part = at(position, (int) Math.min(window.capacity(), end - position));
            for (int i = 0; i + Integer.BYTES <= part.remaining(); i++) {
                if (part.getInt(part.position() + i) == RecordHead.MAGIC) {
                    if (headAt(position + i).isPresent()) {
                        return position + i;
                    }
                    // Looking at the candidate may have moved the window.
                    part = at(position, (int) Math.min(window.capacity(), end - position));
                }
            }
            position += Math.max(1, part.remaining() - Integer.BYTES + 1);
        }
        return end;
    }

    /** The bytes at a position, as far as the file has them; valid until the next call. */
    private ByteBuffer at(long position, int count) throws IOException {
        int wanted = (int) Math.max(0, Math.min(count, end - position));
        if (position < windowStart || position + wanted > windowStart + windowLength) {
            window.clear();
            windowStart = position;
            windowLength =
                    file.read(
                            position,
                            window.limit(
                                    (int)
                                            Math.min(
                                                    window.capacity(),
                                                    Math.max(0, end - position))));
        }
        int offset = (int) (position - windowStart);
        int available = Math.max(0, Math.min(wanted, windowLength - offset));
        return window.duplicate().limit(offset + available).position(offset);
    }
}
