package io.mailkeep.database;

import org.jspecify.annotations.Nullable;

/**
 * The database can't be used as it is; nothing was changed. The message is for the administrator:
 * what was found, why it stops the start, what to do.
 */
public final class DatabaseRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DatabaseRefused(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }

    public DatabaseRefused(String sentence) {
        this(sentence, null);
    }
}
