package io.mailkeep.testing.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Letters that are the same in every run, and compress as little as attachments do. */
final class Letters {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int LINE = 76;

    private Letters() {}

    /** A letter with the dot behind it that ends DATA. */
    static byte[] data(byte[] letter) {
        byte[] data = Arrays.copyOf(letter, letter.length + 3);
        System.arraycopy(".\r\n".getBytes(StandardCharsets.US_ASCII), 0, data, letter.length, 3);
        return data;
    }

    /**
     * A letter as DATA sends it, without the last dot; no line of it begins with a dot.
     *
     * @param octets in all, at least 400
     */
    static byte[] letter(int octets) {
        StringBuilder letter = new StringBuilder(octets);
        letter.append(
                """
                Date: Tue, 24 Nov 2026 09:00:00 +0000\r
                From: Someone Else <someone@elsewhere.example>\r
                To: Somebody <somebody@bench.example>\r
                Subject: Figures of the third quarter\r
                Message-ID: <bench.%d@elsewhere.example>\r
                MIME-Version: 1.0\r
                Content-Type: text/plain; charset=utf-8\r
                \r
                """
                        .formatted(octets));
        SplittableRandom random = new SplittableRandom(octets);
        while (letter.length() < octets) {
            int line = Math.min(LINE, octets - letter.length() - 2);
            for (int i = 0; i < line; i++) {
                letter.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            letter.append("\r\n");
        }
        return letter.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
