package io.mailkeep.node.internal.command;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A message as {@code mailkeep send} writes it: ASCII alone on the wire, whatever is in it (RFC
 * 5322, RFC 2045, RFC 2047, RFC 2231).
 */
record Letter(
        String sender,
        List<String> recipients,
        String subject,
        String text,
        List<Path> attachments) {
    private static final Base64.Encoder LINES =
            Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII));

    /** Bytes of UTF-8 in one encoded word of at most 75 characters (RFC 2047 2). */
    private static final int WORD = 45;

    byte[] bytes(Time time, Randomness randomness) throws IOException {
        String id = randomness.uuid().toString();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        field(
                out,
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        time.instant().atZone(ZoneId.systemDefault())));
        field(out, "From", "<" + line(sender) + ">");
        field(
                out,
                "To",
                String.join(
                        ",\r\n ", recipients.stream().map(one -> "<" + line(one) + ">").toList()));
        field(out, "Subject", words(line(subject)));
        field(out, "Message-ID", "<" + id + "@localhost.localdomain>");
        field(out, "MIME-Version", "1.0");
        String boundary = "mailkeep-" + id;
        if (!attachments.isEmpty()) {
            field(out, "Content-Type", "multipart/mixed; boundary=\"" + boundary + "\"");
            write(out, "\r\n--" + boundary + "\r\n");
        }
        field(out, "Content-Type", "text/plain; charset=utf-8");
        encoded(out, text.getBytes(StandardCharsets.UTF_8));
        for (Path attachment : attachments) {
            write(out, "--" + boundary + "\r\n");
            field(out, "Content-Type", "application/octet-stream");
            field(
                    out,
                    "Content-Disposition",
                    "attachment;\r\n filename*=utf-8''"
                            + percent(attachment.toAbsolutePath().getFileName().toString()));
            encoded(out, Files.readAllBytes(attachment));
        }
        if (!attachments.isEmpty()) {
            write(out, "--" + boundary + "--\r\n");
        }
        return out.toByteArray();
    }

    private static void encoded(ByteArrayOutputStream out, byte[] content) {
        field(out, "Content-Transfer-Encoding", "base64");
        write(out, "\r\n");
        out.writeBytes(LINES.encode(content));
        write(out, "\r\n");
    }

    private static void field(ByteArrayOutputStream out, String name, String value) {
        write(out, name + ": " + value + "\r\n");
    }

    private static void write(ByteArrayOutputStream out, String ascii) {
        out.writeBytes(ascii.getBytes(StandardCharsets.UTF_8));
    }

    /** One line of a header field: nothing in it can begin another. */
    private static String line(String value) {
        return value.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /** Encoded words, folded; plain ASCII that fits on a line stays as it is. */
    private static String words(String value) {
        if (value.length() < 900 && value.chars().allMatch(c -> c < 0x7F)) {
            return value;
        }
        List<String> words = new ArrayList<>();
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        value.codePoints()
                .forEach(c -> {
                    byte[] one = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                    if (word.size() + one.length > WORD) {
                        words.add(word(word));
                    }
                    word.writeBytes(one);
                });
        words.add(word(word));
        return String.join("\r\n ", words);
    }

    private static String word(ByteArrayOutputStream bytes) {
        String word = "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes.toByteArray()) + "?=";
        bytes.reset();
        return word;
    }

    private static String percent(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = one > 0 && (Character.isLetterOrDigit(one) || one == '.' || one == '-');
            encoded.append(
                    plain
                            ? Character.toString(one)
                            : String.format(Locale.ROOT, "%%%02X", one & 0xFF));
        }
        return encoded.toString();
    }
}
