package io.mailkeep.database;

/**
 * The key that a new leaf was wrapped under isn't its holder's any more (SQLSTATE {@code MK001}).
 * Nothing was stored: ask the keys for a new leaf and run the whole transaction again.
 */
public final class HolderRekeyed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HolderRekeyed(Throwable cause) {
        super("the holder was re-keyed meanwhile: seal again", cause);
    }
}
