package io.mailkeep.kernel;

import java.util.UUID;

/** Names one mailbox; every key wrap and every row of its mail is bound to it. */
public record MailboxId(UUID value) {
    /**
     * Parses the canonical text form; refuses anything else with {@link IllegalArgumentException}.
     */
    public static MailboxId parse(String text) {
        return new MailboxId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
