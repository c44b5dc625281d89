package io.mailkeep.kernel;

import java.util.UUID;

/** Names one leaf of the key tree: a key that encrypts data and is destroyed alone. */
public record LeafId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static LeafId parse(String text) {
        return new LeafId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
