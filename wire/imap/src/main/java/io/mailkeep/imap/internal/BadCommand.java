package io.mailkeep.imap.internal;

/**
 * A command isn't what the grammar says; becomes a tagged {@code BAD}. Its text tells the client
 * what was expected, never what it sent.
 */
public final class BadCommand extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;

    public BadCommand(String text) {
        super(text);
        this.text = text;
    }

    /** What the client is told. */
    public String text() {
        return text;
    }
}
