package io.mailkeep.imap.internal;

/**
 * How a command ended: its tagged response (RFC 9051 7.1).
 *
 * @param code the response code without brackets; empty if none
 */
public record Reply(Status status, String code, String text) {
    /** RFC 9051 7.1. */
    public enum Status {
        OK,
        NO,
        BAD
    }

    /** Done. */
    public static Reply ok(String text) {
        return new Reply(Status.OK, "", text);
    }

    /** Done, with a code. */
    public static Reply ok(String code, String text) {
        return new Reply(Status.OK, code, text);
    }

    /** Not done. */
    public static Reply no(String code, String text) {
        return new Reply(Status.NO, code, text);
    }

    /** Not understood. */
    public static Reply bad(String text) {
        return new Reply(Status.BAD, "", text);
    }

    /** Was said already. */
    public static Reply silent() {
        return new Reply(Status.OK, "", "");
    }

    /** Nothing is left to be said. */
    public boolean isSilent() {
        return text.isEmpty() && status == Status.OK;
    }

    /** As it stands after the tag. */
    public String line() {
        return status + (code.isEmpty() ? " " : " [" + code + "] ") + text;
    }
}
