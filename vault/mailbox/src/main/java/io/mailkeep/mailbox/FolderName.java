package io.mailkeep.mailbox;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder's full name in its one canonical form: NFC, levels separated by {@code /}, {@code INBOX}
 * in capitals. Prints as {@code [folder]}. Never reaches a file system ({@code ATK-53}).
 */
public record FolderName(String value) {
    /**
     * Letters and marks that print nothing: Hangul fillers, combining joiner, Khmer inherent
     * vowels.
     */
    private static final Set<Integer> INVISIBLE =
            Set.of(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0);

    /** The folder every mailbox has. */
    public static final FolderName INBOX = new FolderName("INBOX");

    /** Bytes of UTF-8 a name may have at most. */
    public static final int BYTES_MAX = 1_000;

    /** Levels a name may have at most. */
    public static final int LEVELS_MAX = 32;

    /**
     * Parses a name given by a client; empty if it is empty, longer than 1,000 bytes of UTF-8,
     * deeper than 32 levels, has an empty level, a control character, a lone surrogate, an
     * unassigned code point (its canonical form could change later), or an invisible or
     * direction-changing character; only the variation selectors that emoji need are let through.
     */
    public static Optional<FolderName> parse(String text) {
        // Looked at before normalising: NFC's work and result are then bounded too.
        if (text.isEmpty()
                || text.length() > BYTES_MAX
                || !text.codePoints().allMatch(FolderName::shown)) {
            return Optional.empty();
        }
        String canonical = Normalizer.normalize(text, Normalizer.Form.NFC);
        String[] levels = canonical.split("/", -1);
        if (levels.length > LEVELS_MAX
                || canonical.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX
                || List.of(levels).contains("")) {
            return Optional.empty();
        }
        // INBOX is one folder in every spelling (RFC 9051 5.1), also as the first level of others.
        if (levels[0].equalsIgnoreCase(INBOX.value)) {
            levels[0] = INBOX.value;
        }
        return Optional.of(new FolderName(String.join("/", levels)));
    }

    /** Whether a reader sees this character as what it is (RFC 9051 5.1, RFC 5198 2). */
    private static boolean shown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> !INVISIBLE.contains(c);
        };
    }

    /** Whether this is INBOX, in any spelling. */
    public boolean isInbox() {
        return equals(INBOX);
    }

    /** The folder one level up; empty at the outermost level. */
    public Optional<FolderName> parent() {
        int cut = value.lastIndexOf('/');
        return cut < 0 ? Optional.empty() : Optional.of(new FolderName(value.substring(0, cut)));
    }

    /** Whether this folder lies below the other, at any depth. */
    public boolean isBelow(FolderName other) {
        return value.startsWith(other.value + "/");
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
