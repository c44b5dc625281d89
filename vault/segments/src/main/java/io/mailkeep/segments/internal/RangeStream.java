package io.mailkeep.segments.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.segments.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Part of a body, opened chunk by chunk. A chunk that isn't what was sealed for its place yields no
 * byte.
 */
public final class RangeStream extends InputStream {
    private final DiskFile file;
    private final StoredBlob blob;
    private final RecordHead head;
    private final DataKey key;
    private final byte[] associated;
    private final long end;
    private long position;
    private long loaded = -1;
    private byte[] chunk = new byte[0];

    /**
     * Takes the file over; bytes {@code from} to {@code end} of the body, which must lie inside it.
     */
    public RangeStream(
            DiskFile file, StoredBlob blob, RecordHead head, DataKey key, long from, long end) {
        DataClass dataClass = blob.dataClass();
        this.file = file;
        this.blob = blob;
        this.head = head;
        this.key = key;
        this.associated = RecordHead.associated(blob.tenant(), blob.blob(), dataClass);
        this.position = from;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        load(position / RecordHead.CHUNK);
        int within = (int) (position % RecordHead.CHUNK);
        int count = (int) Math.min(Math.min(length, chunk.length - within), end - position);
        System.arraycopy(chunk, within, into, offset, count);
        position += count;
        return count;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, end - position));
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, end - position));
    }

    @Override
    public void close() throws IOException {
        Arrays.fill(chunk, (byte) 0);
        file.close();
    }

    private void load(long index) throws IOException {
        if (index == loaded) {
            return;
        }
        loaded = -1;
        long start = index * RecordHead.CHUNK;
        int clear = (int) Math.min(RecordHead.CHUNK, head.size() - start);
        byte[] sealed = new byte[clear + DataKey.CHUNK_OVERHEAD];
        long at =
                blob.position()
                        + head.length()
                        + index * (RecordHead.CHUNK + (long) DataKey.CHUNK_OVERHEAD);
        if (file.read(at, ByteBuffer.wrap(sealed)) < sealed.length) {
            throw new TamperedException("body " + blob.blob() + " is cut off in its segment");
        }
        chunk = key.openChunk(index, index == head.chunks() - 1, sealed, associated);
        if (chunk.length != clear) {
            throw new TamperedException("body " + blob.blob() + ": a chunk has another length");
        }
        loaded = index;
    }
}
