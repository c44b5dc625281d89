package io.mailkeep.message.internal;

import io.mailkeep.message.AddressList;
import io.mailkeep.message.Envelope;
import io.mailkeep.message.HeaderBlock;
import java.util.List;
import java.util.Optional;

/** Makes the envelope of a header block (RFC 9051 7.5.2). */
final class EnvelopeFields {
    private final HeaderBlock header;
    private int addressesLeft;

    private EnvelopeFields(HeaderBlock header, int addressesLeft) {
        this.header = header;
        this.addressesLeft = addressesLeft;
    }

    /** With this many addresses at most. */
    static Envelope of(HeaderBlock header, int most) {
        return new EnvelopeFields(header, most).envelope();
    }

    /** How many addresses it holds. */
    static int addresses(Envelope envelope) {
        return envelope.from().size()
                + envelope.sender().size()
                + envelope.replyTo().size()
                + envelope.to().size()
                + envelope.cc().size()
                + envelope.bcc().size();
    }

    private Envelope envelope() {
        List<Envelope.Mailbox> from = addressesOf("From");
        List<Envelope.Mailbox> sender = addressesOf("Sender");
        List<Envelope.Mailbox> replyTo = addressesOf("Reply-To");
        return new Envelope(
                text("Date"),
                text("Subject"),
                from,
                sender.isEmpty() ? from : sender,
                replyTo.isEmpty() ? from : replyTo,
                addressesOf("To"),
                addressesOf("Cc"),
                addressesOf("Bcc"),
                text("In-Reply-To"),
                text("Message-ID"));
    }

    private Optional<String> text(String name) {
        return header.first(name);
    }

    /** A field that stands there twice is one list (RFC 5322 4.5.3, obsolete but seen). */
    private List<Envelope.Mailbox> addressesOf(String name) {
        List<Envelope.Mailbox> found =
                header.all(name).stream()
                        .flatMap(value -> AddressList.parse(value, addressesLeft).stream())
                        .limit(addressesLeft)
                        .toList();
        addressesLeft -= found.size();
        return found;
    }
}
