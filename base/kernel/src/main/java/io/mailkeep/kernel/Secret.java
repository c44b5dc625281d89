package io.mailkeep.kernel;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes that can't be printed by accident: {@link #toString()} says {@code [redacted]}, equality
 * takes constant time, {@link #close()} overwrites them ({@code ATK-106}).
 *
 * <p>Not protected: copies the virtual machine makes when it moves objects.
 */
public final class Secret implements AutoCloseable {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over: the caller must not keep or change it. */
    public static Secret owning(byte[] bytes) {
        return new Secret(bytes);
    }

    /** The UTF-8 form of these characters. */
    public static Secret ofUtf8(CharSequence text) {
        byte[] room = new byte[text.length() * 3];
        ByteBuffer encoded = ByteBuffer.wrap(room);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), encoded, true);
        byte[] bytes = Arrays.copyOf(room, encoded.position());
        Arrays.fill(room, (byte) 0);
        return new Secret(bytes);
    }

    /** The number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** A copy of the bytes in clear; whoever asks for it wipes it. */
    public byte[] exposeSecretBytes() {
        return bytes.clone();
    }

    /** Overwrites the bytes with zeros. */
    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
    }

    /** Constant, so that a secret can't be told from its hash. */
    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
