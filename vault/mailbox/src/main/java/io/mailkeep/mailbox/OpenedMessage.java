package io.mailkeep.mailbox;

import io.mailkeep.message.Outline;
import java.io.InputStream;

/**
 * One message, opened: outline and bytes. The bytes as read are the trace headers followed by the
 * stored body; offsets of {@link Outline} count from the stored body's first byte, that is from
 * {@link #traceLength()}.
 */
public interface OpenedMessage {
    /** Envelope, structure, preview of the stored body. */
    Outline outline();

    /** Bytes of the trace headers before the stored body. */
    int traceLength();

    /** Bytes in all. */
    long size();

    /**
     * A range of the message as read; shorter at its end. Only the chunks that the range touches
     * are read and opened.
     *
     * @throws io.mailkeep.keys.TamperedException from the stream when stored bytes aren't what was
     *     written
     */
    InputStream range(long offset, long length);
}
