package io.mailkeep.message;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Decodes text of any declared charset without ever failing: what can't be decoded becomes U+FFFD
 * ({@code ATK-39}). An unknown charset (UTF-7 is one, on purpose) is read as ASCII; ASCII itself as
 * UTF-8, of which it is a part, since that is what careless senders mean.
 */
public final class Charsets {
    private Charsets() {}

    /** The charset with this name, if this house decodes it (for {@code [BADCHARSET]}). */
    public static Optional<Charset> known(String name) {
        try {
            return Optional.of(Charset.forName(name.strip()));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    /** The bytes as characters, streamed. */
    public static Reader reader(InputStream bytes, String charset) {
        return new InputStreamReader(bytes, decoder(charset));
    }

    /** The bytes as text. */
    public static String decode(byte[] bytes, String charset) {
        CharsetDecoder decoder = decoder(charset);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(256);
        StringBuilder text = new StringBuilder();
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            result = decoder.decode(in, out, true);
            out.flip();
            text.append(out);
            out.clear();
        }
        decoder.flush(out);
        return text.append(out.flip()).toString();
    }

    private static CharsetDecoder decoder(String name) {
        Charset charset = known(name).orElse(StandardCharsets.US_ASCII);
        boolean ascii = charset.equals(StandardCharsets.US_ASCII) && known(name).isPresent();
        return (ascii ? StandardCharsets.UTF_8 : charset)
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }
}
