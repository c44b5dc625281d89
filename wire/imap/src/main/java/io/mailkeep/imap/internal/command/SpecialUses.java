package io.mailkeep.imap.internal.command;

import io.mailkeep.mailbox.SpecialUse;
import java.util.Locale;
import java.util.Optional;

/** Special-use attributes (RFC 6154 2). */
final class SpecialUses {
    private SpecialUses() {}

    /**
     * The use a client may ask for; empty for {@code \All} and {@code \Flagged}, which are views.
     */
    static Optional<SpecialUse> of(String attribute) {
        return switch (attribute.toLowerCase(Locale.ROOT)) {
            case "archive" -> Optional.of(SpecialUse.ARCHIVE);
            case "drafts" -> Optional.of(SpecialUse.DRAFTS);
            case "junk" -> Optional.of(SpecialUse.JUNK);
            case "sent" -> Optional.of(SpecialUse.SENT);
            case "trash" -> Optional.of(SpecialUse.TRASH);
            case String _ -> Optional.empty();
        };
    }

    /** The attribute; empty for none. */
    static String attribute(SpecialUse use) {
        return switch (use) {
            case NONE, INBOX -> "";
            case ARCHIVE -> "\\Archive";
            case DRAFTS -> "\\Drafts";
            case FLAGGED -> "\\Flagged";
            case JUNK -> "\\Junk";
            case SENT -> "\\Sent";
            case TRASH -> "\\Trash";
            case ALL -> "\\All";
        };
    }
}
