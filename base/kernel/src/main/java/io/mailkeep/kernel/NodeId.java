package io.mailkeep.kernel;

import java.util.UUID;

/** Names one node of the key tree; a node wraps keys only. */
public record NodeId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static NodeId parse(String text) {
        return new NodeId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
