package io.mailkeep.message;

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
public record Outline(Envelope envelope, Part root, String preview, long size, boolean opaque) {
    /**
     * Reads a message once, in bounded memory and time; never fails on content: what exceeds the
     * limits, or can't be understood, becomes one opaque {@code text/plain} part ({@code ATK-33},
     * {@code ATK-34}).
     */
    public static Outline of(InputStream message, OutlineLimits limits) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The stored form, with a version in front. */
    public byte[] encode() {
        throw new UnsupportedOperationException();
    }

    /** Reads the stored form. */
    public static Outline decode(byte[] encoded) {
        throw new UnsupportedOperationException();
    }
}
