package io.mailkeep.kernel;

import java.util.UUID;

/** Names one folder of a mailbox; stays the same when the folder is renamed. */
public record FolderId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static FolderId parse(String text) {
        return new FolderId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
