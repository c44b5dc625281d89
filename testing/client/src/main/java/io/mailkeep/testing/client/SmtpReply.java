package io.mailkeep.testing.client;

import java.util.List;

/**
 * An SMTP server's answer.
 *
 * @param lines without the code
 */
public record SmtpReply(int code, List<String> lines) {
    public SmtpReply {
        lines = List.copyOf(lines);
    }

    /** The first line without the code. */
    public String text() {
        return lines.isEmpty() ? "" : lines.getFirst();
    }

    @Override
    public String toString() {
        return code + " " + String.join(" / ", lines);
    }
}
