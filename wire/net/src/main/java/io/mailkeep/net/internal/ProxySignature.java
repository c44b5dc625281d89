package io.mailkeep.net.internal;

/**
 * Knows the beginning of a PROXY header of version 2, in however many pieces it comes. No command
 * of a protocol of ours begins so, nor does a TLS handshake.
 */
public final class ProxySignature {
    private static final byte[] SIGNATURE = {
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
    };

    /** How many octets tell it. */
    public static final int OCTETS = SIGNATURE.length;

    private int seen;
    private boolean another;

    /** Whether everything that came so far begins with a signature that ends in this piece. */
    boolean endsIn(byte[] piece, int count) {
        int before = seen;
        for (int i = 0; i < count && seen < OCTETS && !another; i++) {
            another = piece[i] != SIGNATURE[seen];
            seen++;
        }
        return !another && before < OCTETS && seen == OCTETS;
    }

    /** Throws once a connection that isn't a proxy's has begun so. */
    public void refuse(byte[] piece, int count) throws ForgedHeader {
        if (endsIn(piece, count)) {
            throw new ForgedHeader();
        }
    }
}
