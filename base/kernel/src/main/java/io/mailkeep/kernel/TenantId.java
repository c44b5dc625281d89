package io.mailkeep.kernel;

import java.util.UUID;

/** Names one company on an installation; random, never reused, says nothing about the company. */
public record TenantId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static TenantId parse(String text) {
        return new TenantId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
