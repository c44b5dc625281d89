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
 */
public record Problem(int reply, String enhanced, String text, String detail, Fault fault) {
    /** Whose doing a problem is. */
    public enum Fault {
        /** Something of this installation doesn't work: the client may try again. */
        OURS,
        /**
         * Something of this installation stopped answering at the one moment at which nobody can
         * tell whether the request was done: it must be looked for before it is repeated.
         */
        UNCERTAIN,
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

    /** A temporary problem of ours: {@code 451 4.3.0} ("Temporary is 4xx, never 5xx"). */
    public static Problem temporary(String text, String detail) {
        return new Problem(451, "4.3.0", text, detail, Fault.OURS);
    }

    /** As {@link #temporary}, where nobody can tell whether it was done all the same. */
    public static Problem uncertain(String text, String detail) {
        return new Problem(451, "4.3.0", text, detail, Fault.UNCERTAIN);
    }

    /** Whether the request may have been done: a protocol that can't say so says nothing. */
    public boolean isUncertain() {
        return fault == Fault.UNCERTAIN;
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
