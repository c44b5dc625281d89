package io.mailkeep.kernel;

import java.util.UUID;

/**
 * Names one stored message body; random, so that it can't tell whether two tenants hold the same
 * bytes (ATK-93).
 */
public record BlobId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static BlobId parse(String text) {
        return new BlobId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
