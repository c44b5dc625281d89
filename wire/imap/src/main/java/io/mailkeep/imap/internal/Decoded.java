package io.mailkeep.imap.internal;

import io.mailkeep.message.Part;
import io.mailkeep.message.TransferDecoder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A leaf part without its transfer encoding (RFC 9051 6.4.5: BINARY), as a stream. */
public final class Decoded {
    private Decoded() {}

    /**
     * How much it is.
     *
     * @param hasNul it can't be sent as an ordinary literal then
     */
    public record Extent(long size, boolean hasNul) {}

    /** The decoded bytes; text lines end with CRLF (RFC 9051 7.5.2). */
    public static InputStream open(Sections sections, Part part) {
        InputStream decoded = TransferDecoder.decode(sections.body(part), part.encoding());
        return part.type().equals("text") ? new WithCrlf(decoded) : decoded;
    }

    /** Reads it through once. */
    public static Extent extent(Sections sections, Part part) throws IOException {
        byte[] chunk = new byte[16 * 1024];
        long size = 0;
        boolean hasNul = false;
        try (InputStream in = open(sections, part)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                size += n;
                for (int i = 0; i < n; i++) {
                    hasNul |= chunk[i] == 0;
                }
            }
        }
        return new Extent(size, hasNul);
    }

    /** Puts the CR before a bare LF that is missing there. */
    private static final class WithCrlf extends ByteAtATime {
        private final InputStream in;
        private int held = -1;
        private boolean afterCr;

        private WithCrlf(InputStream in) {
            this.in = new BufferedInputStream(in, 8 * 1024);
        }

        @Override
        int next() throws IOException {
            int one = held >= 0 ? held : in.read();
            boolean wasHeld = held >= 0;
            held = -1;
            if (one == '\n' && !afterCr && !wasHeld) {
                held = one;
                return '\r';
            }
            afterCr = one == '\r';
            return one;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
