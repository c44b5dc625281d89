package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A letter of the load, in ASCII, with CRLF at each line's end: its id stands in its first line, so
 * that what a server prepends ends there.
 */
record Letter(String id, byte[] octets) {
    private static final String MARK = "X-Torture: ";
    private static final Pattern ID = Pattern.compile("(?m)^" + MARK + "([^\\r\\n]+)\\r\\n");

    /** Trace fields that may stand before a letter (RFC 5321 4.4), folded ones too. */
    private static final Pattern TRACE =
            Pattern.compile("((Return-Path|Received):[^\\r\\n]*\\r\\n([ \\t][^\\r\\n]*\\r\\n)*)*");

    private static final List<Integer> SIZES = List.of(100, 1_000, 4_096, 8_192, 30_000, 150_000);
    private static final String ALPHABET =
            ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz 0123456789";
    private static final int LINE = 76;

    /** One of a random size, with the canary in its subject and its text. */
    static Letter of(String id, String canary, Randomness randomness) {
        int octets = SIZES.get(randomness.below(SIZES.size()));
        StringBuilder text = new StringBuilder(octets + 400);
        text.append(MARK).append(id).append("\r\nFrom: Load <load@elsewhere.example>\r\n");
        text.append("To: Somebody <somebody@example.test>\r\nSubject: ").append(canary);
        text.append("\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\nMessage-ID: <").append(id);
        text.append("@elsewhere.example>\r\n\r\n").append(canary).append("\r\n");
        int end = text.length() + octets;
        while (text.length() < end) {
            byte[] line = randomness.bytes(1 + randomness.below(LINE));
            for (byte one : line) {
                text.append(ALPHABET.charAt((one & 0xff) % ALPHABET.length()));
            }
            text.append("\r\n");
        }
        return new Letter(id, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** SHA-256 of it, in hex. */
    String digest() {
        return digest(octets);
    }

    /** As text, which it is. */
    String text() {
        return new String(octets, StandardCharsets.US_ASCII);
    }

    /**
     * What a stored message holds.
     *
     * @param id empty if it is none of the load's
     * @param digest of what comes from the letter's first line on
     * @param traced whether nothing but trace fields stands before it
     */
    record Stored(String id, String digest, boolean traced) {}

    /** Finds the letter in a message as the server gives it out, an octet a character. */
    static Stored in(String message) {
        Matcher found = ID.matcher(message);
        if (!found.find()) {
            return new Stored("", "", false);
        }
        String before = message.substring(0, found.start());
        byte[] letter = message.substring(found.start()).getBytes(StandardCharsets.ISO_8859_1);
        return new Stored(found.group(1), digest(letter), TRACE.matcher(before).matches());
    }

    private static String digest(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
