package io.mailkeep.kernel;

import java.util.UUID;

/** Names one generation of one key: random, never a counter. */
public record KeyId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static KeyId parse(String text) {
        return new KeyId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
