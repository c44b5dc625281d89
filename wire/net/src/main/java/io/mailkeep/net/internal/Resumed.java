package io.mailkeep.net.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Octets that were read already, and then the rest.
 *
 * <p>Its end is an {@link EOFException}: at a plain one the JDK's TLS would close the socket before
 * our last answer is out.
 */
public final class Resumed extends InputStream {
    private final byte[] first;
    private final InputStream rest;
    private int position;

    public Resumed(byte[] first, InputStream rest) {
        this.first = first.clone();
        this.rest = rest;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        if (read(one, 0, 1) != 1) {
            throw new IllegalStateException("neither an octet nor the end");
        }
        return one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (position < first.length) {
            int count = Math.min(length, first.length - position);
            System.arraycopy(first, position, into, offset, count);
            position += count;
            return count;
        }
        int count = rest.read(into, offset, length);
        if (count < 0) {
            throw new EOFException("the client has closed its side");
        }
        return count;
    }

    @Override
    public int available() throws IOException {
        return first.length - position + rest.available();
    }
}
