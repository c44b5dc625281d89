package io.mailkeep.imap.internal;

import io.mailkeep.kernel.Claim;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Folder names on the wire of IMAP4rev1 (RFC 3501 5.1.3, RFC 9051 A.1). Only the one canonical form
 * of a name is read, so that two spellings can't name one folder ({@code ATK-53}).
 */
@Claim("ATK-53")
public final class ModifiedUtf7 {
    private ModifiedUtf7() {}

    /** The wire form. */
    public static String encode(String name) {
        StringBuilder out = new StringBuilder(name.length() + 8);
        int at = 0;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (c == '&') {
                out.append("&-");
                at++;
            } else if (isPlain(c)) {
                out.append(c);
                at++;
            } else {
                int end = at;
                while (end < name.length() && !isPlain(name.charAt(end))) {
                    end++;
                }
                byte[] utf16 = name.substring(at, end).getBytes(StandardCharsets.UTF_16BE);
                String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
                out.append('&').append(base64.replace('/', ',')).append('-');
                at = end;
            }
        }
        return out.toString();
    }

    /** A printable character of US-ASCII, {@code &} included. */
    private static boolean isPlain(char c) {
        return c >= 0x20 && c <= 0x7E;
    }

    /** The name; empty if this isn't the canonical form of any. */
    public static Optional<String> decode(String wire) {
        StringBuilder out = new StringBuilder(wire.length());
        int at = 0;
        while (at < wire.length()) {
            char c = wire.charAt(at);
            if (c != '&') {
                if (!isPlain(c)) {
                    return Optional.empty();
                }
                out.append(c);
                at++;
                continue;
            }
            int end = wire.indexOf('-', at);
            if (end < 0) {
                return Optional.empty();
            }
            Optional<String> shifted =
                    end == at + 1 ? Optional.of("&") : shifted(wire.substring(at + 1, end));
            if (shifted.isEmpty()) {
                return Optional.empty();
            }
            out.append(shifted.get());
            at = end + 1;
        }
        String name = out.toString();
        return encode(name).equals(wire) ? Optional.of(name) : Optional.empty();
    }

    private static Optional<String> shifted(String base64) {
        try {
            byte[] utf16 = Base64.getDecoder().decode(base64.replace(',', '/'));
            CharBuffer text = StandardCharsets.UTF_16BE.newDecoder().decode(ByteBuffer.wrap(utf16));
            return Optional.of(text.toString());
        } catch (IllegalArgumentException | CharacterCodingException broken) {
            return Optional.empty();
        }
    }
}
