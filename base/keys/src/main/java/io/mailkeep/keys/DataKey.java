package io.mailkeep.keys;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.keys.internal.InsecureKeyAccess;
import io.mailkeep.keys.internal.Sealing;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A key that encrypts data and can't be read: it seals and opens, and prints {@code [key]} ({@code
 * ACC-4}).
 *
 * <p>AES-256-GCM. {@link #seal} takes a random nonce and is for a bounded number of small values
 * under one key; {@link #sealChunk} takes its nonce from the chunk's number and needs a key that is
 * fresh for this one stream: sealing two streams with one key gives their contents away. Not
 * protected: the length of what is sealed.
 *
 * <p>The nonce of a chunk is that of the STREAM construction with an empty prefix: seven zero
 * bytes, the chunk's number in four, one byte that is 1 for the last chunk. So chunks can't be
 * reordered, and a stream that was cut at a border lacks its last chunk.
 */
@Claim({"ACC-4", "ATK-100", "ATK-101", "ATK-106"})
public final class DataKey {
    /** Bytes that {@link #seal} adds: a 12-byte nonce and a 16-byte tag. */
    public static final int SEAL_OVERHEAD = Sealing.NONCE_BYTES + Sealing.TAG_BYTES;

    /** Bytes that {@link #sealChunk} adds: a 16-byte tag. */
    public static final int CHUNK_OVERHEAD = Sealing.TAG_BYTES;

    private static final long CHUNKS_MAX = 1L << 32;

    private final byte[] raw;
    private final Randomness randomness;

    /** The derived key of {@link #mac}, once it was asked for. */
    private volatile byte @Nullable [] macKey;

    private DataKey(byte[] raw, Randomness randomness) {
        this.raw = raw;
        this.randomness = randomness;
    }

    /** A fresh random key that lies nowhere else: for a spool file, or a test. */
    public static DataKey fresh(Randomness randomness) {
        return new DataKey(randomness.bytes(Sealing.KEY_BYTES), randomness);
    }

    /** A key with these 32 bytes; the array is taken over. */
    public static DataKey ofRawKeyBytes(
            byte[] raw, Randomness randomness, InsecureKeyAccess access) {
        if (raw.length != Sealing.KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + Sealing.KEY_BYTES + " bytes");
        }
        return new DataKey(raw, randomness);
    }

    /** A copy of the key in clear. */
    public byte[] exposeRawKeyBytes(InsecureKeyAccess access) {
        return raw.clone();
    }

    /** Seals a small value; {@code aad} must be given again to open it. */
    public byte[] seal(byte[] clear, byte[] aad) {
        return Sealing.sealWithNonce(raw, randomness.bytes(Sealing.NONCE_BYTES), clear, aad);
    }

    /**
     * Opens a value; {@link TamperedException} if it isn't exactly what was sealed with this key
     * and {@code aad}.
     */
    public byte[] open(byte[] sealed, byte[] aad) {
        return Sealing.openWithNonce(raw, sealed, 0, aad, "a sealed value");
    }

    /**
     * Seals chunk {@code index} of a stream; {@code last} is bound, so that a cut at a chunk border
     * is noticed.
     */
    public byte[] sealChunk(
            long index, boolean last, byte[] clear, int offset, int length, byte[] aad) {
        return Sealing.seal(raw, nonce(index, last), clear, offset, length, aad);
    }

    /** Opens chunk {@code index} of a stream; {@link TamperedException} as for {@link #open}. */
    public byte[] openChunk(long index, boolean last, byte[] sealed, byte[] aad) {
        return Sealing.open(
                raw, nonce(index, last), sealed, 0, sealed.length, aad, "a sealed chunk");
    }

    private static byte[] nonce(long index, boolean last) {
        if (index < 0 || index >= CHUNKS_MAX) {
            throw new IllegalArgumentException("chunk " + index);
        }
        return ByteBuffer.allocate(Sealing.NONCE_BYTES)
                .putInt(7, (int) index)
                .put(11, (byte) (last ? 1 : 0))
                .array();
    }

    /** An independent key for another purpose (HKDF-SHA-256, RFC 5869; the label is the info). */
    public DataKey derive(String label) {
        byte[] info = Framed.of("derive").and(label).bytes();
        return new DataKey(Sealing.derive(raw, info, Sealing.KEY_BYTES), randomness);
    }

    /**
     * A keyed hash (HMAC-SHA-256, under a key derived for it) of 32 bytes, by which equal values
     * are found without being stored.
     */
    public byte[] mac(byte[] value) {
        byte[] key = macKey;
        if (key == null) {
            key = Sealing.derive(raw, Framed.of("mac").bytes(), Sealing.KEY_BYTES);
            macKey = key;
        }
        return Sealing.mac(key, value);
    }

    @Override
    public String toString() {
        return "[key]";
    }
}
