package io.mailkeep.segments.internal;

import io.mailkeep.kernel.DiskFile;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.keys.DataKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Sealed chunks of 16 KiB in a file without a name, under a key that only this object has. Written
 * once from the front by one thread; then read by any number.
 */
public final class SpoolFile {
    /** How spool files are named for the moment that they have a name. */
    public static final String SUFFIX = ".spool";

    /** Clear bytes of a chunk; each is full but the last. */
    public static final int CHUNK = 16 << 10;

    private static final int SEALED = CHUNK + DataKey.CHUNK_OVERHEAD;
    private static final byte[] ASSOCIATED = Framed.of("spool").bytes();

    private final DiskFile file;
    private final DataKey key;
    private long chunks;
    private long size;

    /** Takes the file over. */
    public SpoolFile(DiskFile file, Randomness randomness) {
        this.file = file;
        this.key = DataKey.fresh(randomness);
    }

    /** Writes the next chunk. */
    public void write(byte[] clear, int length, boolean last) throws IOException {
        byte[] sealed = key.sealChunk(chunks, last, clear, 0, length, ASSOCIATED);
        file.write(chunks * SEALED, ByteBuffer.wrap(sealed));
        chunks++;
        size += length;
    }

    /** Clear bytes. */
    public long size() {
        return size;
    }

    /** The bytes from the start. */
    public InputStream open() {
        return new Stream();
    }

    /** Gives the file's bytes back to the disk. */
    public void close() throws IOException {
        file.close();
    }

    private final class Stream extends InputStream {
        private long next;
        private byte[] chunk = new byte[0];
        private int at;

        @Override
        public int read() throws IOException {
            return load() ? chunk[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!load()) {
                return -1;
            }
            int count = Math.min(length, chunk.length - at);
            System.arraycopy(chunk, at, into, offset, count);
            at += count;
            return count;
        }

        @Override
        public void close() {
            Arrays.fill(chunk, (byte) 0);
            chunk = new byte[0];
            at = 0;
            next = chunks;
        }

        private boolean load() throws IOException {
            while (at >= chunk.length) {
                if (next >= chunks) {
                    return false;
                }
                int clear = (int) Math.min(CHUNK, size - next * CHUNK);
                byte[] sealed = new byte[clear + DataKey.CHUNK_OVERHEAD];
                if (file.read(next * SEALED, ByteBuffer.wrap(sealed)) < sealed.length) {
                    throw new IOException("a spool file is cut off");
                }
                chunk = key.openChunk(next, next == chunks - 1, sealed, ASSOCIATED);
                at = 0;
                next++;
            }
            return true;
        }
    }
}
