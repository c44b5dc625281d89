package io.mailkeep.message;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One node of a message's MIME structure with the byte ranges that IMAP's section numbers name, so
 * that a part is read as a range of the stored bytes, without parsing again. All offsets count from
 * the first byte of the stored message.
 *
 * @param type lower case, such as {@code text}
 * @param subtype lower case, such as {@code plain}
 * @param headerStart where the part's MIME header starts (for the root: the message header)
 * @param bodyStart where its body starts, after the empty line
 * @param bodyEnd where its body ends, exclusive, without the line break before a boundary
 * @param lines lines of the body
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
    public record Disposition(String type, Map<String, String> parameters) {}

    /** The message inside a message part. */
    public record Nested(Envelope envelope, Part root) {}

    public Part {
        parameters = Map.copyOf(parameters);
        languages = List.copyOf(languages);
        children = List.copyOf(children);
    }
}
