package io.mailkeep.kernel;

import java.util.UUID;

/** Names one installation of Mailkeep; every volume, audit folder and key folder carries it. */
public record InstallationId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static InstallationId parse(String text) {
        return new InstallationId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
