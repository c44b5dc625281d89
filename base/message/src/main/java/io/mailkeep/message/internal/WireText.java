package io.mailkeep.message.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes of a header as text. */
public final class WireText {
    private WireText() {}

    /** Index after the next line feed, or {@code to}. */
    public static int afterLineFeed(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return to;
    }

    /** UTF-8 where it is valid, else ISO-8859-1, in which everything is. */
    public static String text(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    /** Text without line breaks and NUL, trimmed. */
    public static String unfolded(byte[] bytes, int from, int to) {
        byte[] line = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            boolean lineBreak = b == '\n' || (b == '\r' && (i + 1 == to || bytes[i + 1] == '\n'));
            if (!lineBreak) {
                line[length++] = b;
            }
        }
        // NUL can't stand in an IMAP string (RFC 9051 4.3), a lone CR would break any line
        return text(line, 0, length).replace('\0', '\ufffd').replace('\r', ' ').strip();
    }
}
