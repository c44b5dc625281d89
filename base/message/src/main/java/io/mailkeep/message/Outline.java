package io.mailkeep.message;

import io.mailkeep.kernel.Claim;
import io.mailkeep.message.internal.OutlineCodec;
import io.mailkeep.message.internal.StructureReader;
import java.io.IOException;
import java.io.InputStream;

/**
 * What is known of a message without reading its body again: envelope, structure and a short
 * preview (RFC 8970).
 *
 * @param preview at most 200 characters of text
 * @param opaque the message couldn't be taken apart within the limits and is shown as one opaque
 *     part
 */
@Claim({"ATK-33", "ATK-34"})
public record Outline(Envelope envelope, Part root, String preview, long size, boolean opaque) {
    /**
     * Reads a message once, in bounded memory and time; never fails on content: what exceeds the
     * limits, or can't be understood, becomes one opaque {@code text/plain} part ({@code ATK-33},
     * {@code ATK-34}).
     */
    public static Outline of(InputStream message, OutlineLimits limits) throws IOException {
        return new StructureReader(limits).read(message);
    }

    /** The stored form, with a version in front. */
    public byte[] encode() {
        return OutlineCodec.encode(this);
    }

    /** Reads the stored form; {@link IllegalArgumentException} for anything else. */
    public static Outline decode(byte[] encoded) {
        return OutlineCodec.decode(encoded);
    }

    @Override
    public String toString() {
        return "[outline of " + size + " bytes]";
    }
}
