package io.mailkeep.message.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decodes quoted-printable (RFC 2045 6.7) in constant memory; a broken escape stays as it is. (The
 * library's decoder buffers a run of spaces however long.)
 */
public final class QuotedPrintable extends InputStream {
    /** Spaces at a line's end are padding of a gateway and go, as far as that many are held. */
    private static final int SPACES = 1024;

    private final InputStream in;
    private final byte[] ready = new byte[SPACES + 4];
    private int readyFrom;
    private int readyTo;
    private int pushed = -1;
    private boolean ended;

    public QuotedPrintable(InputStream encoded) {
        this.in =
                encoded instanceof BufferedInputStream ? encoded : new BufferedInputStream(encoded);
    }

    @Override
    public int read() throws IOException {
        while (readyFrom == readyTo) {
            if (ended) {
                return -1;
            }
            readyFrom = 0;
            readyTo = 0;
            step();
        }
        return ready[readyFrom++] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = 0;
        while (count < length) {
            int b = read();
            if (b < 0) {
                break;
            }
            into[offset + count++] = (byte) b;
        }
        return count == 0 && length > 0 ? -1 : count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private int next() throws IOException {
        int b = pushed;
        pushed = -1;
        return b >= 0 ? b : in.read();
    }

    private void put(int b) {
        ready[readyTo++] = (byte) b;
    }

    private void step() throws IOException {
        int b = next();
        if (b < 0) {
            ended = true;
        } else if (b == '=') {
            escape();
        } else if (b == ' ' || b == '\t') {
            spaces(b);
        } else {
            put(b);
        }
    }

    private void spaces(int first) throws IOException {
        int b = first;
        while ((b == ' ' || b == '\t') && readyTo < SPACES) {
            put(b);
            b = next();
        }
        boolean trailing = b == '\r' || b == '\n' || b < 0;
        if (trailing) {
            readyTo = 0;
        }
        pushed = b;
        ended = b < 0;
    }

    private void escape() throws IOException {
        int high = next();
        if (high == '\n' || high < 0) {
            ended = high < 0;
            return;
        }
        if (high == '\r' || high == ' ' || high == '\t') {
            softBreak(high);
            return;
        }
        int low = next();
        int value = Character.digit(high, 16) * 16 + Character.digit(low, 16);
        if (Character.digit(high, 16) >= 0 && low >= 0 && Character.digit(low, 16) >= 0) {
            put(value);
            return;
        }
        put('=');
        put(high);
        pushed = low;
        ended = low < 0;
    }

    /** Soft line break, perhaps with padding before the line feed. */
    private void softBreak(int first) throws IOException {
        int b = first;
        while (b == ' ' || b == '\t' || b == '\r') {
            b = next();
        }
        if (b == '\n') {
            return;
        }
        if (first == ' ' || first == '\t') {
            put('=');
            put(' ');
        }
        pushed = b;
        ended = b < 0;
    }
}
