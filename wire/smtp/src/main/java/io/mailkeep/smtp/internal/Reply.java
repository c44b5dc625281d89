package io.mailkeep.smtp.internal;

import io.mailkeep.kernel.Problem;
import java.util.List;

/**
 * One answer (RFC 5321 4.2) with its enhanced status code (RFC 2034); empty where none belongs:
 * greeting, EHLO, 354, 334.
 */
public record Reply(int code, String enhanced, List<String> lines) {
    /** Nothing more to say: the answer was given already. */
    public static final Reply NONE = new Reply(0, "", List.of());

    public Reply {
        lines = List.copyOf(lines);
        for (String line : lines) {
            if (line.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw new IllegalArgumentException("control character in a reply");
            }
        }
    }

    /** One line with an enhanced status code. */
    public static Reply of(int code, String enhanced, String text) {
        return new Reply(code, enhanced, List.of(text));
    }

    /** Without an enhanced status code. */
    public static Reply plain(int code, String... lines) {
        return new Reply(code, "", List.of(lines));
    }

    /** A problem as an answer. */
    public static Reply of(Problem problem) {
        return of(problem.reply(), problem.enhanced(), problem.text());
    }

    /** It refuses something. */
    public boolean refuses() {
        return code >= 400;
    }

    /** As it is sent. */
    public String text() {
        StringBuilder text = new StringBuilder(64);
        for (int i = 0; i < lines.size(); i++) {
            text.append(code).append(i < lines.size() - 1 ? '-' : ' ');
            if (!enhanced.isEmpty()) {
                text.append(enhanced).append(' ');
            }
            text.append(lines.get(i)).append("\r\n");
        }
        return text.toString();
    }
}
