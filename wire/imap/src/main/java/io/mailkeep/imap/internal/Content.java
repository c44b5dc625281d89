package io.mailkeep.imap.internal;

import io.mailkeep.mailbox.OpenedMessage;
import io.mailkeep.message.Charsets;
import io.mailkeep.message.EncodedWords;
import io.mailkeep.message.Envelope;
import io.mailkeep.message.HeaderBlock;
import io.mailkeep.message.HeaderField;
import io.mailkeep.message.OutlineLimits;
import io.mailkeep.message.Part;
import io.mailkeep.message.TransferDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * One opened message as SEARCH looks at it: transfer encodings, charsets and encoded words removed
 * (RFC 9051 6.4.4), streamed, within a bound. Parts other than text and messages are not looked at,
 * which the RFC allows.
 */
final class Content {
    private final OpenedMessage message;
    private final Sections sections;
    private long octetsLeft;
    private Optional<HeaderBlock> header = Optional.empty();

    Content(OpenedMessage message, long octetsMax) {
        this.message = message;
        this.sections = new Sections(message);
        this.octetsLeft = octetsMax;
    }

    /** The day of the Date field, as it is written there. */
    Optional<LocalDate> sent() {
        return message.outline().envelope().date().flatMap(SentDate::parse);
    }

    boolean envelopeHas(SearchKey.Field field, String text) {
        Envelope envelope = message.outline().envelope();
        TextFinder finder = new TextFinder(text);
        return switch (field) {
            case FROM -> hasAddress(envelope.from(), finder);
            case TO -> hasAddress(envelope.to(), finder);
            case CC -> hasAddress(envelope.cc(), finder);
            case BCC -> hasAddress(envelope.bcc(), finder);
            case SUBJECT ->
                    envelope.subject()
                            .map(subject -> finder.isIn(EncodedWords.decode(subject)))
                            .orElse(false);
        };
    }

    private static boolean hasAddress(List<Envelope.Mailbox> list, TextFinder finder) {
        for (Envelope.Mailbox one : list) {
            String name = EncodedWords.decode(one.name().orElse(""));
            String address =
                    one.mailbox().orElse("") + one.host().map(host -> "@" + host).orElse("");
            if (finder.isIn(name.isEmpty() ? address : name + " <" + address + ">")) {
                return true;
            }
        }
        return false;
    }

    boolean headerHas(String field, String text) {
        TextFinder finder = new TextFinder(text);
        for (String value : header().all(field)) {
            if (finder.isIn(EncodedWords.decode(value))) {
                return true;
            }
        }
        return false;
    }

    private HeaderBlock header() {
        if (header.isEmpty()) {
            long end = message.traceLength() + message.outline().root().bodyStart();
            header = Optional.of(read(0, end));
        }
        return header.get();
    }

    private HeaderBlock read(long from, long to) {
        try (InputStream in = message.range(from, to - from)) {
            return HeaderBlock.of(in, OutlineLimits.STANDARD);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    boolean textHas(String text, boolean headers) {
        TextFinder finder = new TextFinder(text);
        if (headers && hasField(header(), finder)) {
            return true;
        }
        Part root = message.outline().root();
        return partHas(root, finder, headers);
    }

    private static boolean hasField(HeaderBlock block, TextFinder finder) {
        for (HeaderField field : block.fields()) {
            if (finder.isIn(field.name() + ": " + EncodedWords.decode(block.value(field)))) {
                return true;
            }
        }
        return false;
    }

    private boolean partHas(Part part, TextFinder finder, boolean headers) {
        for (Part child : part.children()) {
            boolean inHeader = headers && headerOfPartHas(child, finder);
            if (inHeader || partHas(child, finder, headers)) {
                return true;
            }
        }
        if (part.message().isPresent()) {
            Part nested = part.message().get().root();
            boolean inHeader = headers && headerOfPartHas(nested, finder);
            return inHeader || partHas(nested, finder, headers);
        }
        return part.type().equals("text") && bodyHas(part, finder);
    }

    private boolean headerOfPartHas(Part part, TextFinder finder) {
        long from = message.traceLength() + part.headerStart();
        return hasField(read(from, message.traceLength() + part.bodyStart()), finder);
    }

    private boolean bodyHas(Part part, TextFinder finder) {
        if (octetsLeft <= 0) {
            return false;
        }
        octetsLeft -= part.size();
        String charset = part.parameter("charset").orElse("us-ascii");
        try (InputStream raw = sections.body(part);
                InputStream decoded = TransferDecoder.decode(raw, part.encoding());
                Reader reader = Charsets.reader(decoded, charset)) {
            return finder.isIn(reader);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
