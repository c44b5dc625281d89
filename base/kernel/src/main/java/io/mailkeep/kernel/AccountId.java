package io.mailkeep.kernel;

import java.util.UUID;

/**
 * Names one account of a tenant; random, so that it can stand on the audit log when the person is
 * forgotten.
 */
public record AccountId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static AccountId parse(String text) {
        return new AccountId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
