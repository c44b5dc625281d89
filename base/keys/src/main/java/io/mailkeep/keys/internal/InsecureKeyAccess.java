package io.mailkeep.keys.internal;

/**
 * Has to be handed over to see the raw bytes of a key. Whoever names this class holds a key in
 * clear: only the keys room may (a test of the walls looks).
 */
public final class InsecureKeyAccess {
    private static final InsecureKeyAccess ACCESS = new InsecureKeyAccess();

    private InsecureKeyAccess() {}

    /** The leave to see raw key bytes. */
    public static InsecureKeyAccess toRawKeyBytes() {
        return ACCESS;
    }
}
