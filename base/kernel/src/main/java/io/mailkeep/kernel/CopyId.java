package io.mailkeep.kernel;

import java.util.UUID;

/**
 * Names one recipient's copy of a message: its delivery id, its leaf in the key tree, its row in
 * the mailbox.
 */
public record CopyId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static CopyId parse(String text) {
        return new CopyId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
