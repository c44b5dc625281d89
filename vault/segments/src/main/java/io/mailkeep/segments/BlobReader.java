package io.mailkeep.segments;

import io.mailkeep.kernel.Claim;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.segments.internal.RangeStream;
import io.mailkeep.segments.internal.RecordHead;
import io.mailkeep.segments.internal.SegmentReader;
import io.mailkeep.segments.internal.Volume;
import io.mailkeep.tickets.Access;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * One stored body, opened for somebody who may read it. Never yields a byte that isn't what was
 * stored: {@link TamperedException} instead (ATK-100, FLT-15).
 *
 * <p>Holds nothing open; each stream does until it is closed.
 */
@Claim({"DAT-4", "ATK-100"})
public final class BlobReader {
    private final Access access;
    private final Volume volume;
    private final SegmentReader segment;
    private final StoredBlob blob;
    private final RecordHead head;
    private final DataKey key;

    BlobReader(
            Access access,
            Volume volume,
            SegmentReader segment,
            StoredBlob blob,
            RecordHead head,
            DataKey key) {
        this.access = access;
        this.volume = volume;
        this.segment = segment;
        this.blob = blob;
        this.head = head;
        this.key = key;
    }

    /** Bytes of the body. */
    public long size() {
        return head.size();
    }

    /**
     * The bytes from {@code offset} on, at most {@code length}; fewer where the body ends. Reads
     * only the chunks that they lie in. Checks the ticket again.
     *
     * <p>The stream throws {@link TamperedException} in place of the first byte of a chunk that
     * isn't what was stored.
     *
     * @throws io.mailkeep.tickets.AccessDenied if the ticket was revoked
     * @throws io.mailkeep.kernel.Unavailable if the volume doesn't answer
     */
    public InputStream range(long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("range " + offset + ", " + length);
        }
        access.recheck();
        long from = Math.min(offset, size());
        long end = from + Math.min(length, size() - from);
        try {
            return new Watched(new RangeStream(segment.open(), blob, head, key, from, end));
        } catch (IOException failure) {
            throw volume.away(failure);
        }
    }

    /** The whole body. */
    public InputStream all() {
        return range(0, size());
    }

    /** Tells the volume of damage as it is met. */
    private final class Watched extends FilterInputStream {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (TamperedException damage) {
                throw told(damage);
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return super.read(into, offset, length);
            } catch (TamperedException damage) {
                throw told(damage);
            }
        }

        private TamperedException told(TamperedException damage) {
            volume.report(SegmentStore.damaged(blob));
            return damage;
        }
    }
}
