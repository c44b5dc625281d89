package io.mailkeep.message;

import java.util.List;
import java.util.Optional;

/**
 * The fields that IMAP calls ENVELOPE (RFC 9051 7.5.2), as they stand in the header: raw bytes
 * decoded as UTF-8 with ISO-8859-1 fallback, encoded words untouched. An absent field is empty, a
 * field without content is the empty text. A sender or reply-to that is absent or empty is the
 * from. Prints as {@code [envelope]}.
 */
public record Envelope(
        Optional<String> date,
        Optional<String> subject,
        List<Mailbox> from,
        List<Mailbox> sender,
        List<Mailbox> replyTo,
        List<Mailbox> to,
        List<Mailbox> cc,
        List<Mailbox> bcc,
        Optional<String> inReplyTo,
        Optional<String> messageId) {
    /**
     * One address of a list. A group's start has only {@code mailbox} (the group's name), its end
     * has nothing.
     */
    public record Mailbox(
            Optional<String> name,
            Optional<String> route,
            Optional<String> mailbox,
            Optional<String> host) {
        @Override
        public String toString() {
            return "[address]";
        }
    }

    public Envelope {
        from = List.copyOf(from);
        sender = List.copyOf(sender);
        replyTo = List.copyOf(replyTo);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
    }

    /** The envelope of a message without header fields. */
    public static Envelope none() {
        return new Envelope(
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public String toString() {
        return "[envelope]";
    }
}
