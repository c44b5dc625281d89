package io.mailkeep.segments;

import java.io.OutputStream;

/** Collects one body. */
public final class SpoolWriter extends OutputStream {
    SpoolWriter() {}

    @Override
    public void write(int one) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    /** Bytes written so far. */
    public long size() {
        throw new UnsupportedOperationException();
    }

    /** The body, complete; its owner closes it. Nothing can be written any more. */
    public Clear finish() {
        throw new UnsupportedOperationException();
    }

    /** Throws away what was written, unless {@link #finish} was called. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
