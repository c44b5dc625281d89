package io.mailkeep.imap.internal;

import java.io.IOException;

/** One command of the protocol. */
public interface Verb {
    /** When a command may be given (RFC 9051 3). */
    enum Stage {
        /** Any time. */
        ANY,
        /** Before sign-in. */
        BEFORE_SIGN_IN,
        /** After sign-in. */
        SIGNED_IN,
        /** With a folder selected. */
        SELECTED
    }

    /** When this one may be given. */
    Stage stage();

    /** Whether message numbers may change while it is answered (RFC 9051 7.5.1). */
    default boolean numbersMayChange() {
        return true;
    }

    /**
     * Reads its arguments, answers, and says how it ended. What the grammar doesn't allow is a
     * {@link BadCommand}.
     */
    Reply run(Session session, Tokens arguments) throws IOException;
}
