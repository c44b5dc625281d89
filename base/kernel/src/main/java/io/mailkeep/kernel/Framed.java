package io.mailkeep.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Builds bytes from fields so that different fields never give the same bytes: each is preceded by
 * its length ({@code ATK-90}: {@code ab}+{@code c} is not {@code a}+{@code bc}). Used for
 * associated data and key derivation labels.
 */
public final class Framed {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Framed() {}

    /** Starts with the purpose of the bytes, a short constant of the code. */
    public static Framed of(String purpose) {
        return new Framed().and(purpose);
    }

    /** Adds text as UTF-8. */
    public Framed and(String text) {
        return and(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds an identifier. */
    public Framed and(UUID id) {
        return and(
                ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
    }

    /** Adds a number as 8 bytes. */
    public Framed and(long number) {
        return and(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** Adds bytes. */
    public Framed and(byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
        return this;
    }

    /** The fields added so far. */
    public byte[] bytes() {
        return out.toByteArray();
    }
}
