package io.mailkeep.mailbox;

import java.util.List;
import java.util.Optional;

/**
 * A folder's full name in its one canonical form: NFC, levels separated by {@code /}, {@code INBOX}
 * in capitals. Prints as {@code [folder]}. Never reaches a file system ({@code ATK-53}).
 */
public record FolderName(String value) {
    /** The folder every mailbox has. */
    public static final FolderName INBOX = new FolderName("INBOX");

    /**
     * Parses a name given by a client; empty if it is empty, longer than 1,000 bytes of UTF-8,
     * deeper than 32 levels, has an empty level, a control character, a lone surrogate, or an
     * invisible or direction-changing character.
     */
    public static Optional<FolderName> parse(String text) {
        throw new UnsupportedOperationException();
    }

    /** The names of the levels, outermost first. */
    public List<String> levels() {
        return List.of(value.split("/", -1));
    }

    @Override
    public String toString() {
        return "[folder]";
    }
}
