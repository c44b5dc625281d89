package io.mailkeep.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One node of a message's MIME structure with the byte ranges that IMAP's section numbers name, so
 * that a part is read as a range of the stored bytes, without parsing again. All offsets count from
 * the first byte of the stored message.
 *
 * <p>Parameters stand in the order and with the names they were sent with; continued ones (RFC 2231
 * 3) are joined under {@code name}, or {@code name*} if a piece is encoded, the value staying
 * encoded. A text part without charset says {@code us-ascii} (RFC 2045 5.2).
 *
 * @param type lower case, such as {@code text}
 * @param subtype lower case, such as {@code plain}
 * @param encoding the transfer encoding, lower case; {@code 7bit} if none was sent
 * @param headerStart where the part's MIME header starts (for the root: the message header)
 * @param bodyStart where its body starts, after the empty line
 * @param bodyEnd where its body ends, exclusive, without the line break before a boundary
 * @param lines line feeds in the body
 * @param children the parts of a multipart, in order; empty otherwise
 * @param message what a {@code message/rfc822} or {@code message/global} part holds; empty
 *     otherwise
 */
public record Part(
        String type,
        String subtype,
        Map<String, String> parameters,
        Optional<String> id,
        Optional<String> description,
        String encoding,
        Optional<String> md5,
        Optional<Disposition> disposition,
        List<String> languages,
        Optional<String> location,
        long headerStart,
        long bodyStart,
        long bodyEnd,
        long lines,
        List<Part> children,
        Optional<Nested> message) {

    /** Content-Disposition (RFC 2183). */
    public record Disposition(String type, Map<String, String> parameters) {
        public Disposition {
            parameters = inOrder(parameters);
        }

        @Override
        public String toString() {
            return "[disposition]";
        }
    }

    /** The message inside a message part. */
    public record Nested(Envelope envelope, Part root) {}

    public Part {
        parameters = inOrder(parameters);
        languages = List.copyOf(languages);
        children = List.copyOf(children);
    }

    /** Whether it has parts; one that says so in its header but has none is text/plain here. */
    public boolean isMultipart() {
        return !children.isEmpty();
    }

    /** Bytes of the body as sent. */
    public long size() {
        return bodyEnd - bodyStart;
    }

    /** A parameter of the content type, whatever the case of its name. */
    public Optional<String> parameter(String name) {
        return parameters.entrySet().stream()
                .filter(one -> one.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    @Override
    public String toString() {
        return "[part " + headerStart + " " + bodyStart + " " + bodyEnd + "]";
    }

    private static Map<String, String> inOrder(Map<String, String> parameters) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
}
