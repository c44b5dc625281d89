package io.mailkeep.segments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Clear bytes that can be read more than once and don't change: a small array in memory, or an
 * encrypted spool file. Whoever made it closes it when the last reader is done.
 */
public interface Clear extends AutoCloseable {
    /** Number of bytes. */
    long size();

    /** The bytes from the start. */
    InputStream open() throws IOException;

    /** Gives memory and file back; closing twice is fine. */
    @Override
    void close();

    /** Bytes in memory; the array must not be changed any more. */
    static Clear of(byte[] bytes) {
        return new Clear() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public void close() {}
        };
    }
}
