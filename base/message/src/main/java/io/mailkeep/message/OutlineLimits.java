package io.mailkeep.message;

/**
 * How far a message is taken apart.
 *
 * @param depth nested parts, at most
 * @param parts parts in all, at most
 * @param headerBytes bytes of one header block that are looked at, at most
 * @param headerFields fields of one header block, at most
 */
public record OutlineLimits(int depth, int parts, int headerBytes, int headerFields) {
    /** What the server uses unless configured otherwise. */
    public static final OutlineLimits STANDARD = new OutlineLimits(64, 1_000, 256 * 1024, 1_000);

    public OutlineLimits {
        boolean sane =
                depth >= 1
                        && depth <= 100
                        && parts >= 1
                        && parts <= 10_000
                        && headerBytes >= 1024
                        && headerBytes <= 4 * 1024 * 1024
                        && headerFields >= 1
                        && headerFields <= 100_000;
        if (!sane) {
            throw new IllegalArgumentException("outline limits");
        }
    }
}
