package io.mailkeep.imap.internal;

import io.mailkeep.imap.ImapLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A section of a message (RFC 9051 6.4.5.1).
 *
 * @param path part numbers, outermost first; empty for the message itself
 * @param fields header field names as the client wrote them, for FIELDS and FIELDS_NOT
 */
public record SectionName(List<Integer> path, Kind kind, List<String> fields) {
    /** Which of a part's ranges. */
    public enum Kind {
        ALL,
        HEADER,
        FIELDS,
        FIELDS_NOT,
        MIME,
        TEXT
    }

    /** The whole message. */
    public static final SectionName WHOLE = of(Kind.ALL);

    public SectionName {
        path = List.copyOf(path);
        fields = List.copyOf(fields);
    }

    /** A section of the message itself. */
    public static SectionName of(Kind kind) {
        return new SectionName(List.of(), kind, List.of());
    }

    /** Reads one, from {@code [} to {@code ]}. */
    public static SectionName parse(Tokens tokens, ImapLimits limits) {
        tokens.need('[');
        List<Integer> path = new ArrayList<>();
        boolean more = isDigit(tokens.peek());
        while (more) {
            path.add((int) tokens.numberFromOne(Integer.MAX_VALUE));
            if (path.size() > limits.sectionDepth()) {
                throw new BadCommand("Section is nested too deep");
            }
            more = tokens.take('.');
            if (more && !isDigit(tokens.peek())) {
                return text(tokens, path, limits);
            }
        }
        if (path.isEmpty() && tokens.peek() != ']') {
            return text(tokens, path, limits);
        }
        tokens.need(']');
        return new SectionName(path, Kind.ALL, List.of());
    }

    /** Reads a section that may only be a part. */
    public static List<Integer> parsePart(Tokens tokens, ImapLimits limits) {
        SectionName section = parse(tokens, limits);
        if (section.kind() != Kind.ALL) {
            throw new BadCommand("BINARY takes a part number only");
        }
        return section.path();
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static SectionName text(Tokens tokens, List<Integer> path, ImapLimits limits) {
        Kind kind =
                switch (tokens.keyword()) {
                    case "HEADER" -> Kind.HEADER;
                    case "HEADER.FIELDS" -> Kind.FIELDS;
                    case "HEADER.FIELDS.NOT" -> Kind.FIELDS_NOT;
                    case "TEXT" -> Kind.TEXT;
                    case "MIME" -> Kind.MIME;
                    case String _ -> throw new BadCommand("Unknown section");
                };
        if (kind == Kind.MIME && path.isEmpty()) {
            throw new BadCommand("MIME needs a part number");
        }
        List<String> fields = List.of();
        if (kind == Kind.FIELDS || kind == Kind.FIELDS_NOT) {
            tokens.space();
            fields = tokens.list(limits.fieldNames(), false, tokens::astring);
        }
        tokens.need(']');
        return new SectionName(path, kind, fields);
    }

    /** Writes it as it stands in a response. */
    public void write(ResponseWriter out) throws IOException {
        out.raw("[" + path.stream().map(String::valueOf).collect(Collectors.joining(".")));
        String text =
                switch (kind) {
                    case ALL -> "";
                    case HEADER -> "HEADER";
                    case FIELDS -> "HEADER.FIELDS (";
                    case FIELDS_NOT -> "HEADER.FIELDS.NOT (";
                    case MIME -> "MIME";
                    case TEXT -> "TEXT";
                };
        out.raw(path.isEmpty() || text.isEmpty() ? text : "." + text);
        for (int i = 0; i < fields.size(); i++) {
            out.raw(i == 0 ? "" : " ").astring(fields.get(i));
        }
        out.raw(fields.isEmpty() ? "]" : ")]");
    }
}
