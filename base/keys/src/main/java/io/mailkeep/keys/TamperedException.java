package io.mailkeep.keys;

import org.jspecify.annotations.Nullable;

/**
 * Sealed bytes aren't what was sealed for this place: edited, swapped, truncated, or under another
 * key.
 */
public final class TamperedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TamperedException(String what) {
        super(what);
    }

    public TamperedException(String what, @Nullable Throwable cause) {
        super(what, cause);
    }
}
