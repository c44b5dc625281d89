package io.mailkeep.mailbox;

import io.mailkeep.message.Outline;
import java.io.InputStream;

/**
 * One message, opened: outline and bytes. The bytes as read are the trace headers followed by the
 * stored body; offsets of {@link Outline} count from the stored body's first byte, that is from
 * {@link #traceLength()}.
 */
public final class OpenedMessage {
    /** Envelope, structure, preview of the stored body. */
    public Outline outline() {
        throw new UnsupportedOperationException();
    }

    /** Bytes of the trace headers before the stored body. */
    public int traceLength() {
        throw new UnsupportedOperationException();
    }

    /** Bytes in all. */
    public long size() {
        throw new UnsupportedOperationException();
    }

    /**
     * A range of the message as read; shorter at its end. Only the chunks that the range touches
     * are read and opened.
     *
     * @throws io.mailkeep.keys.TamperedException from the stream when stored bytes aren't what was
     *     written
     */
    public InputStream range(long offset, long length) {
        throw new UnsupportedOperationException();
    }
}
