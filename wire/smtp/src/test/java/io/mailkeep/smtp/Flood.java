package io.mailkeep.smtp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mailkeep.testing.client.SmtpClient;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * One large message, different for each number, computed piece by piece: neither side of a test
 * ever holds one.
 *
 * @param octets at least; it ends with the line that passes them
 */
record Flood(int number, long octets) {
    private static final int LINE = 78;
    private static final byte[] BLOCK = block();

    /** Something that writes. */
    @FunctionalInterface
    interface Source {
        void writeTo(OutputStream out) throws IOException;
    }

    /** The message as it is to be stored, lines ended by CRLF; no line begins with a dot. */
    void writeTo(OutputStream out) throws IOException {
        out.write(
                ("From: Anna <anna@example.test>\r\nSubject: Flood " + number + "\r\n\r\n")
                        .getBytes(US_ASCII));
        long written = 0;
        SplittableRandom random = new SplittableRandom(number);
        while (written < octets) {
            int lines = 200;
            int from = random.nextInt(BLOCK.length / LINE - lines) * LINE;
            out.write(BLOCK, from, lines * LINE);
            written += (long) lines * LINE;
        }
    }

    /** Sends it on a connection that waits for data, with the end of data; no answer is read. */
    void send(SmtpClient client) throws IOException {
        writeTo(
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        client.raw(new byte[] {(byte) one});
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        client.raw(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
                    }
                });
        client.raw(".\r\n");
    }

    /** What it hashes to. */
    String sha256() throws IOException {
        return sha256(this::writeTo);
    }

    /** SHA-256 of what is written, in hexadecimal. */
    static String sha256(Source source) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            source.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] block() {
        byte[] block = new byte[LINE * 10_000];
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < block.length; i++) {
            block[i] =
                    switch (i % LINE) {
                        case LINE - 2 -> '\r';
                        case LINE - 1 -> '\n';
                        default -> (byte) (random.nextInt(26) + 'a');
                    };
        }
        return block;
    }
}
