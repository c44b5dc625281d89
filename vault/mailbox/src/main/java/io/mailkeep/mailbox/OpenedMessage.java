package io.mailkeep.mailbox;

import io.mailkeep.keys.TamperedException;
import io.mailkeep.mailbox.internal.Meta;
import io.mailkeep.message.Outline;
import io.mailkeep.segments.BlobReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.function.Supplier;

/**
 * One message, opened: outline and bytes. The bytes as read are the trace headers followed by the
 * stored body; offsets of {@link Outline} count from the stored body's first byte, that is from
 * {@link #traceLength()}.
 *
 * <p>Nothing is decrypted before it is asked for. Every method but {@link #size} throws {@link
 * TamperedException} when the stored bytes aren't what was written. Not to be used outside the
 * callback it was handed to, nor by two threads.
 */
public final class OpenedMessage {
    private final long size;
    private final Supplier<Meta> meta;
    private final Supplier<BlobReader> body;

    OpenedMessage(long size, Supplier<Meta> meta, Supplier<BlobReader> body) {
        this.size = size;
        this.meta = once(meta);
        this.body = once(body);
    }

    /** Envelope, structure, preview of the stored body. */
    public Outline outline() {
        return meta.get().outline();
    }

    /** Bytes of the trace headers before the stored body. */
    public int traceLength() {
        return meta.get().trace().length;
    }

    /** Bytes in all. */
    public long size() {
        return size;
    }

    /**
     * A range of the message as read; shorter at its end. Only the chunks that the range touches
     * are read and opened.
     *
     * @throws TamperedException at once or from the stream when stored bytes aren't what was
     *     written
     */
    public InputStream range(long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("range " + offset + "+" + length);
        }
        byte[] trace = meta.get().trace();
        int from = (int) Math.min(offset, trace.length);
        int head = (int) Math.min(length, trace.length - from);
        InputStream front = new ByteArrayInputStream(trace, from, head);
        if (length == head) {
            return front;
        }
        InputStream rest = body.get().range(Math.max(0, offset - trace.length), length - head);
        return head == 0 ? rest : new SequenceInputStream(front, rest);
    }

    private static <T> Supplier<T> once(Supplier<T> source) {
        return new Supplier<>() {
            private Supplier<T> next =
                    () -> {
                        T made = source.get();
                        next = () -> made;
                        return made;
                    };

            @Override
            public T get() {
                return next.get();
            }
        };
    }
}
