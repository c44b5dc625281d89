package io.mailkeep.imap.internal;

import java.io.IOException;
import java.io.InputStream;

/** A stream that decides byte by byte; reads of many are made of it, and failures get through. */
abstract class ByteAtATime extends InputStream {
    /** The next byte, or -1. */
    abstract int next() throws IOException;

    @Override
    public final int read() throws IOException {
        return next();
    }

    @Override
    public final int read(byte[] into, int offset, int length) throws IOException {
        int count = 0;
        while (count < length) {
            int one = next();
            if (one < 0) {
                return count == 0 ? -1 : count;
            }
            into[offset + count++] = (byte) one;
        }
        return count;
    }
}
