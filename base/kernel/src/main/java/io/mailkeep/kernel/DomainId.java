package io.mailkeep.kernel;

import java.util.UUID;

/** Names one mail domain of a tenant. */
public record DomainId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static DomainId parse(String text) {
        return new DomainId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
