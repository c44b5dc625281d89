package io.mailkeep.kernel;

import java.util.UUID;

/**
 * Names the person an audit entry's personal fields belong to; destroying their key makes the
 * fields unreadable.
 */
public record SubjectId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static SubjectId parse(String text) {
        return new SubjectId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
