package io.mailkeep.kernel;

/**
 * Why something wasn't done, for every reader at once: the client, the log, and whoever has to mend
 * it.
 *
 * @param reply the SMTP reply code it becomes, 400 to 599
 * @param enhanced the enhanced status code (RFC 3463), such as {@code 4.3.0}
 * @param text what the client is told: what happened, why, what to do; one line, no personal data
 *     of others
 * @param detail what the log says besides; never an address, content or a secret
 * @param fault whose doing it is
 * @param isUncertain whether the request may have been done all the same: it must be looked for
 *     before it is repeated, and a protocol that can't say so says nothing
 */
public record Problem(
        int reply, String enhanced, String text, String detail, Fault fault, boolean isUncertain) {
    /** Whose doing a problem is. */
    public enum Fault {
        /** Something of this installation doesn't work: the client may try again. */
        OURS,
        /** The client sent something that can't be taken. */
        THEIRS,
        /** It works and was well-formed, but isn't allowed. */
        POLICY
    }

    public Problem {
        if (reply < 400 || reply > 599) {
            throw new IllegalArgumentException("reply code " + reply);
        }
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("control character in a client's text");
        }
    }

    /** One whose request wasn't done. */
    public Problem(int reply, String enhanced, String text, String detail, Fault fault) {
        this(reply, enhanced, text, detail, fault, false);
    }

    /** A temporary problem of ours: {@code 451 4.3.0} ("Temporary is 4xx, never 5xx"). */
    public static Problem temporary(String text, String detail) {
        return new Problem(451, "4.3.0", text, detail, Fault.OURS);
    }

    /** The same, where nobody can tell whether the request was done. */
    public Problem uncertain() {
        return new Problem(reply, enhanced, text, "unknown outcome: " + detail, fault, true);
    }

    /** A refusal by policy: {@code 550 5.7.1}. */
    public static Problem denied(String text, String detail) {
        return new Problem(550, "5.7.1", text, detail, Fault.POLICY);
    }

    /** A refusal because of what the client sent. */
    public static Problem malformed(int reply, String enhanced, String text) {
        return new Problem(reply, enhanced, text, text, Fault.THEIRS);
    }
}
