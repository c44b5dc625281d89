package io.mailkeep.message.internal;

import io.mailkeep.message.Envelope;
import io.mailkeep.message.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A part whose end hasn't been seen yet. */
final class OpenPart {
    final long headerStart;
    final boolean messageRoot;
    final boolean inDigest;
    final List<Part> children = new ArrayList<>();
    MimeFields fields = MimeFields.plain("7bit");
    Envelope envelope = Envelope.none();
    long bodyStart;
    long linesBefore;

    /** Set while its boundary lines count: a multipart, not yet closed. */
    byte @Nullable [] boundary;

    private Optional<Part.Nested> nested = Optional.empty();

    OpenPart(long headerStart, boolean messageRoot, boolean inDigest) {
        this.headerStart = headerStart;
        this.messageRoot = messageRoot;
        this.inDigest = inDigest;
    }

    boolean isMultipart() {
        return fields.type().equals("multipart");
    }

    boolean isMessage() {
        boolean held = fields.subtype().equals("rfc822") || fields.subtype().equals("global");
        return fields.type().equals("message") && held;
    }

    boolean isDigest() {
        return isMultipart() && fields.subtype().equals("digest");
    }

    void take(OpenPart child, Part part) {
        if (child.messageRoot) {
            nested = Optional.of(new Part.Nested(child.envelope, part));
        } else {
            children.add(part);
        }
    }

    Part close(long bodyEnd, long linesAtEnd) {
        // BODYSTRUCTURE has no multipart without parts (RFC 9051 9, body-type-mpart)
        MimeFields shown = isMultipart() && children.isEmpty() ? fields.asText() : fields;
        return new Part(
                shown.type(),
                shown.subtype(),
                shown.parameters(),
                shown.id(),
                shown.description(),
                shown.encoding(),
                shown.md5(),
                shown.disposition(),
                shown.languages(),
                shown.location(),
                headerStart,
                bodyStart,
                Math.max(bodyStart, bodyEnd),
                Math.max(0, linesAtEnd - linesBefore),
                children,
                nested);
    }
}
