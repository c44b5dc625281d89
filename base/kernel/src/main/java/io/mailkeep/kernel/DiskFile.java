package io.mailkeep.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}; safe for many readers and one writer at a time. */
public interface DiskFile extends AutoCloseable {
    /** Reads at a position until the buffer is full or the file ends; answers the bytes read. */
    int read(long position, ByteBuffer into) throws IOException;

    /**
     * Writes all that the buffer holds at a position, or fails. After a failure any part of it may
     * be there.
     */
    void write(long position, ByteBuffer from) throws IOException;

    /** Bytes of the file. */
    long size() throws IOException;

    /** Shortens the file. */
    void truncate(long length) throws IOException;

    /**
     * Makes all written bytes and the length durable. After an error it must never be called again
     * on this file: the kernel reports a failed write-back once, drops the pages, and the next call
     * lies.
     */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
