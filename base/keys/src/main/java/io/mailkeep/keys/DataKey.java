package io.mailkeep.keys;

import io.mailkeep.kernel.Randomness;

/**
 * A key that encrypts data and can't be read: it seals and opens, and prints {@code [key]} ({@code
 * ACC-4}).
 *
 * <p>AES-256-GCM. {@link #seal} takes a random nonce and is for a bounded number of small values
 * under one key; {@link #sealChunk} takes its nonce from the chunk's number and needs a key that is
 * fresh for this one stream. Not protected: the length of what is sealed.
 */
public final class DataKey {
    /** Bytes that {@link #seal} adds: a 12-byte nonce and a 16-byte tag. */
    public static final int SEAL_OVERHEAD = 28;

    /** Bytes that {@link #sealChunk} adds: a 16-byte tag. */
    public static final int CHUNK_OVERHEAD = 16;

    /** A fresh random key that lies nowhere else: for a spool file, or a test. */
    public static DataKey fresh(Randomness randomness) {
        throw new UnsupportedOperationException();
    }

    /** Seals a small value; {@code aad} must be given again to open it. */
    public byte[] seal(byte[] clear, byte[] aad) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a value; {@link TamperedException} if it isn't exactly what was sealed with this key
     * and {@code aad}.
     */
    public byte[] open(byte[] sealed, byte[] aad) {
        throw new UnsupportedOperationException();
    }

    /**
     * Seals chunk {@code index} of a stream; {@code last} is bound, so that a cut at a chunk border
     * is noticed.
     */
    public byte[] sealChunk(
            long index, boolean last, byte[] clear, int offset, int length, byte[] aad) {
        throw new UnsupportedOperationException();
    }

    /** Opens chunk {@code index} of a stream; {@link TamperedException} as for {@link #open}. */
    public byte[] openChunk(long index, boolean last, byte[] sealed, byte[] aad) {
        throw new UnsupportedOperationException();
    }

    /** An independent key for another purpose (HKDF-SHA-256, RFC 5869; the label is the info). */
    public DataKey derive(String label) {
        throw new UnsupportedOperationException();
    }

    /**
     * A keyed hash (HMAC-SHA-256) of 32 bytes, by which equal values are found without being
     * stored.
     */
    public byte[] mac(byte[] value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String toString() {
        return "[key]";
    }
}
