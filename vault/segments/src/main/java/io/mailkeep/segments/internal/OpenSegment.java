package io.mailkeep.segments.internal;

import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.segments.StoredBlob;
import io.mailkeep.segments.Writing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The segment that a volume appends to. For one thread.
 *
 * <p>{@link #durable()} moves only when a force has come back without error; after any disk failure
 * the segment is given up ({@link #abandon}) and its file is never forced again.
 */
final class OpenSegment {
    private final Disk disk;
    private final Path folder;
    private final SegmentIdentity identity;
    private final ByteBuffer header;
    private final DiskFile file;
    private final ByteBuffer buffer;
    private long flushed;
    private long durable;
    private boolean named;

    private OpenSegment(
            Disk disk,
            Path folder,
            SegmentIdentity identity,
            ByteBuffer header,
            DiskFile file,
            ByteBuffer buffer) {
        this.header = header;
        this.disk = disk;
        this.folder = folder;
        this.identity = identity;
        this.file = file;
        this.buffer = buffer;
    }

    /** Makes the file; nothing of it is durable before the first {@link #force}. */
    static OpenSegment create(
            Disk disk, Path folder, SegmentIdentity identity, ByteBuffer buffer, long millis)
            throws DiskFailure {
        try {
            DiskFile file = disk.create(identity.name().file(folder));
            ByteBuffer header = identity.header(millis);
            buffer.clear();
            buffer.put(header.duplicate());
            return new OpenSegment(disk, folder, identity, header, file, buffer);
        } catch (IOException failure) {
            throw new DiskFailure(failure);
        }
    }

    SegmentIdentity identity() {
        return identity;
    }

    /** Bytes that are known to be on the medium; 0 before the first force. */
    long durable() {
        return durable;
    }

    /** Where the next record goes. */
    long position() {
        return flushed + buffer.position();
    }

    /** Appends one record; not durable yet. */
    StoredBlob write(Writing writing, long millis) throws DiskFailure, SourceFailure {
        long position = position();
        RecordHead head = headOf(writing, millis, durable);
        CRC32C sum = identity.boundTo(position);
        put(head.encode(sum));
        byte[] associated = RecordHead.associated(head.tenant(), head.blob(), identity.dataClass());
        try (InputStream source = open(writing)) {
            byte[] clear = new byte[(int) Math.min(RecordHead.CHUNK, Math.max(1, head.size()))];
            for (long chunk = 0; chunk < head.chunks(); chunk++) {
                boolean last = chunk == head.chunks() - 1;
                int count = (int) Math.min(clear.length, head.size() - chunk * RecordHead.CHUNK);
                fill(source, clear, count);
                byte[] sealed =
                        writing.bodyKey().sealChunk(chunk, last, clear, 0, count, associated);
                sum.update(sealed);
                put(sealed);
            }
            if (source.read() >= 0) {
                throw new SourceFailure("the body is longer than it said", new IOException());
            }
        } catch (IOException failure) {
            throw new SourceFailure("closing the body failed", failure);
        }
        put(
                ByteBuffer.allocate(RecordHead.TRAILER)
                        .putInt(RecordHead.END_MAGIC)
                        .putInt((int) sum.getValue())
                        .putLong(head.recordLength())
                        .array());
        return head.storedAt(identity, position);
    }

    static RecordHead headOf(Writing writing, long millis, long durable) {
        return new RecordHead(
                writing.blob(),
                writing.access().tenant(),
                writing.body().size(),
                millis,
                durable,
                writing.header());
    }

    /** Makes everything appended so far durable, name included. Never called after a failure. */
    void force() throws DiskFailure {
        flush();
        try {
            file.force();
            if (!named) {
                disk.forceFolder(folder);
                named = true;
            }
        } catch (IOException failure) {
            throw new DiskFailure(failure);
        }
        durable = flushed;
    }

    /** Takes back what was appended since the last force: a source failed, the disk didn't. */
    void rewind() throws DiskFailure {
        buffer.clear();
        flushed = durable;
        try {
            file.truncate(flushed);
        } catch (IOException failure) {
            throw new DiskFailure(failure);
        }
        if (flushed == 0) {
            buffer.put(header.duplicate());
        }
    }

    /**
     * Gives the segment up after a failure: what was acknowledged stays, what wasn't is cut off as
     * far as the disk lets us. Answers whether anything of it is worth keeping.
     */
    boolean abandon() {
        buffer.clear();
        boolean kept = durable > SegmentIdentity.HEADER;
        try (file) {
            file.truncate(durable);
        } catch (IOException _) {
            // The end mark, or the next start's scan, says where it ends.
        }
        try {
            if (!kept) {
                disk.delete(identity.name().file(folder));
            }
        } catch (IOException _) {
            // The next start finds that nothing valid is in it.
        }
        return kept;
    }

    /** Closes the file; nothing is appended any more. */
    void close() throws IOException {
        file.close();
    }

    private void put(byte[] bytes) throws DiskFailure {
        int at = 0;
        while (at < bytes.length) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, count);
            at += count;
        }
    }

    private void flush() throws DiskFailure {
        buffer.flip();
        int count = buffer.remaining();
        try {
            if (count > 0) {
                file.write(flushed, buffer);
            }
        } catch (IOException failure) {
            throw new DiskFailure(failure);
        }
        flushed += count;
        buffer.clear();
    }

    private static InputStream open(Writing writing) throws SourceFailure {
        try {
            return writing.body().open();
        } catch (IOException failure) {
            throw new SourceFailure("the body can't be opened", failure);
        }
    }

    private static void fill(InputStream source, byte[] into, int count) throws SourceFailure {
        try {
            if (source.readNBytes(into, 0, count) < count) {
                throw new SourceFailure("the body is shorter than it said", new IOException());
            }
        } catch (IOException failure) {
            throw new SourceFailure("the body can't be read", failure);
        }
    }
}
