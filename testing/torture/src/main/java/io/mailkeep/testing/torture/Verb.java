package io.mailkeep.testing.torture;

/** What the load attempts. */
enum Verb {
    /** Mail to {@code account}, by SMTP or LMTP ({@code detail}). */
    DELIVER,
    /** APPEND into {@code to}, with the flags in {@code detail}. */
    APPEND,
    /** STORE in {@code from}: {@code detail} is {@code +\Seen} or {@code -\Seen}. */
    STORE,
    /** COPY out of {@code from} into {@code to}. */
    COPY,
    /** MOVE out of {@code from} into {@code to}. */
    MOVE,
    /** UID EXPUNGE in {@code from} of what is marked deleted. */
    EXPUNGE,
    /** CREATE of the folder {@code to}, under the name {@code detail}. */
    CREATE,
    /** RENAME of the folder {@code to}; {@code detail} is its new name. */
    RENAME,
    /** DELETE of the folder {@code to}. */
    DELETE,
    /** A new password, {@code detail}. */
    PASSWORD,
    /** An account is disabled. */
    DISABLE,
    /** An account is enabled. */
    ENABLE,
    /** A sign-in that has to be refused. */
    SIGN_IN
}
