package io.mailkeep.message;

import io.mailkeep.kernel.Claim;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the encoded words of a header value (RFC 2047) for people and for searching; never fails,
 * and what comes out has no control character and no line break, so that it can't become a header,
 * a log line or a command ({@code ATK-39}). Not protected: it isn't escaped for HTML.
 *
 * <p>Neighbours of one charset are decoded together, since writers split inside a character.
 */
@Claim("ATK-39")
public final class EncodedWords {
    private static final int CHARSET_LENGTH = 64;

    private final String text;
    private final StringBuilder out = new StringBuilder();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private @Nullable String pendingCharset;

    private EncodedWords(String text) {
        this.text = text;
    }

    /** The value in clear; text that isn't an encoded word stays. */
    public static String decode(String unfolded) {
        return new EncodedWords(unfolded).run();
    }

    private record Word(String charset, String encoding, String body, int end) {}

    private String run() {
        int at = 0;
        boolean afterWord = false;
        while (at < text.length()) {
            int mark = text.indexOf("=?", at);
            Word word = mark < 0 ? null : wordAt(mark);
            int gapEnd = word != null ? mark : mark < 0 ? text.length() : mark + 2;
            String gap = text.substring(at, gapEnd);
            // white space between two encoded words is no text (RFC 2047 6.2); anything else is
            boolean neighbours = word != null && afterWord && gap.isBlank();
            if (!neighbours) {
                flush();
                append(gap);
            } else if (word != null && !word.charset().equalsIgnoreCase(pendingCharset)) {
                flush();
            }
            afterWord = word != null;
            at = gapEnd;
            if (word != null) {
                pendingCharset = word.charset();
                decodeInto(word.body(), word.encoding());
                at = word.end();
            }
        }
        flush();
        return out.toString();
    }

    private @Nullable Word wordAt(int mark) {
        int charsetEnd = text.indexOf('?', mark + 2);
        boolean sane =
                charsetEnd > mark + 2
                        && charsetEnd - mark < CHARSET_LENGTH
                        && charsetEnd + 2 < text.length();
        if (!sane || text.charAt(charsetEnd + 2) != '?') {
            return null;
        }
        int end = text.indexOf('?', charsetEnd + 3);
        if (end < 0 || end + 1 >= text.length() || text.charAt(end + 1) != '=') {
            return null;
        }
        String encoding =
                switch (text.charAt(charsetEnd + 1)) {
                    case 'b', 'B' -> "base64";
                    case 'q', 'Q' -> "quoted-printable";
                    default -> "";
                };
        String charset = text.substring(mark + 2, charsetEnd).split("\\*", 2)[0];
        return encoding.isEmpty()
                ? null
                : new Word(charset, encoding, text.substring(charsetEnd + 3, end), end + 2);
    }

    private void decodeInto(String body, String encoding) {
        String plain =
                encoding.equals("base64") ? body : body.replace('_', ' ').replace(" ", "=20");
        byte[] bytes = plain.getBytes(StandardCharsets.UTF_8);
        try (var decoded = TransferDecoder.decode(new ByteArrayInputStream(bytes), encoding)) {
            decoded.transferTo(pending);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void flush() {
        if (pendingCharset != null) {
            append(Charsets.decode(pending.toByteArray(), pendingCharset));
            pending.reset();
            pendingCharset = null;
        }
    }

    private void append(String clear) {
        clear.codePoints()
                .map(c -> c == '\t' ? ' ' : mayStand(c) ? c : 0xfffd)
                .forEach(out::appendCodePoint);
    }

    private static boolean mayStand(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
