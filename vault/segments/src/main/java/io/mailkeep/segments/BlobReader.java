package io.mailkeep.segments;

import java.io.InputStream;

/**
 * One stored body, opened for somebody who may read it. Never yields a byte that isn't what was
 * stored: {@link io.mailkeep.keys.TamperedException} instead (ATK-100, FLT-15).
 *
 * <p>Holds nothing open; each stream does until it is closed.
 */
public final class BlobReader {
    BlobReader() {}

    /** Bytes of the body. */
    public long size() {
        throw new UnsupportedOperationException();
    }

    /**
     * The bytes from {@code offset} on, at most {@code length}; fewer where the body ends. Reads
     * only the chunks that they lie in. Checks the ticket again.
     *
     * @throws io.mailkeep.tickets.AccessDenied if it was revoked
     */
    public InputStream range(long offset, long length) {
        throw new UnsupportedOperationException();
    }

    /** The whole body. */
    public InputStream all() {
        return range(0, size());
    }
}
