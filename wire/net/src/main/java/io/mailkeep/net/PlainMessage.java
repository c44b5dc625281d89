package io.mailkeep.net;

import io.mailkeep.kernel.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * What the SASL mechanism PLAIN carries (RFC 4616 2): whom to act for, who one is, and the
 * password.
 *
 * @param authorization empty to act for oneself
 */
public record PlainMessage(String authorization, String name, Secret password) {
    /** RFC 4616 2 asks for so many at least, of a name. */
    private static final int NAME_OCTETS = 255;

    /** As long as one may choose it: whoever signs in by IMAP sends by the same password. */
    private static final int PASSWORD_OCTETS = 1_024;

    /** Decodes it; empty unless it is exactly three fields in strict base64 ({@code ATK-58}). */
    public static Optional<PlainMessage> decode(String base64) {
        if (base64.isEmpty() || base64.length() % 4 != 0) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException broken) {
            return Optional.empty();
        }
        try {
            int first = indexOfNul(bytes, 0);
            int second = first < 0 ? -1 : indexOfNul(bytes, first + 1);
            boolean fits =
                    second >= 0
                            && indexOfNul(bytes, second + 1) < 0
                            && first <= NAME_OCTETS
                            && second - first - 1 <= NAME_OCTETS
                            && second - first > 1
                            && bytes.length - second - 1 <= PASSWORD_OCTETS
                            && bytes.length - second > 1;
            if (!fits) {
                return Optional.empty();
            }
            return Optional.of(
                    new PlainMessage(
                            utf8(bytes, 0, first),
                            utf8(bytes, first + 1, second),
                            Secret.owning(Arrays.copyOfRange(bytes, second + 1, bytes.length))));
        } catch (CharacterCodingException broken) {
            return Optional.empty();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** They act for themselves. */
    public boolean forOneself() {
        return authorization.isEmpty() || authorization.equals(name);
    }

    private static String utf8(byte[] bytes, int from, int to) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, from, to - from))
                .toString();
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
