package io.mailkeep.imap.internal;

import io.mailkeep.imap.ImapLimits;
import java.util.List;
import java.util.Optional;

/** One data item of a FETCH (RFC 9051 6.4.5; RFC 3501 6.4.5 for RFC822 and its kin). */
public sealed interface FetchItem {
    /** What needs no content. */
    enum Plain implements FetchItem {
        FLAGS,
        INTERNALDATE,
        SIZE,
        UID,
        MODSEQ
    }

    /** What needs the outline. */
    enum Outlined implements FetchItem {
        ENVELOPE,
        BODY,
        BODYSTRUCTURE
    }

    /**
     * {@code BODY[...]}.
     *
     * @param label what it is called in the response, if not BODY and its section
     */
    record Section(SectionName name, boolean peek, Optional<Partial> partial, String label)
            implements FetchItem {}

    /** {@code BINARY[...]}. */
    record Binary(List<Integer> path, boolean peek, Optional<Partial> partial)
            implements FetchItem {}

    /** {@code BINARY.SIZE[...]}. */
    record BinarySize(List<Integer> path) implements FetchItem {}

    /** {@code <offset.length>}. */
    record Partial(long offset, long length) {}

    /** Whether it sets {@code \\Seen}. */
    default boolean setsSeen() {
        return switch (this) {
            case Section section -> !section.peek();
            case Binary binary -> !binary.peek();
            case Plain _, Outlined _, BinarySize _ -> false;
        };
    }

    /** Whether a message has to be opened for it. */
    default boolean opens() {
        return !(this instanceof Plain);
    }

    /** Reads one item, a macro, or a parenthesised list. */
    static List<FetchItem> parse(Tokens tokens, ImapLimits limits) {
        if (tokens.peek() == '(') {
            return tokens.list(limits.fetchItems(), false, () -> one(tokens, limits));
        }
        if (tokens.take("FAST")) {
            return List.of(Plain.FLAGS, Plain.INTERNALDATE, Plain.SIZE);
        }
        if (tokens.take("ALL")) {
            return List.of(Plain.FLAGS, Plain.INTERNALDATE, Plain.SIZE, Outlined.ENVELOPE);
        }
        if (tokens.take("FULL")) {
            return List.of(
                    Plain.FLAGS, Plain.INTERNALDATE, Plain.SIZE, Outlined.ENVELOPE, Outlined.BODY);
        }
        return List.of(one(tokens, limits));
    }

    private static FetchItem one(Tokens tokens, ImapLimits limits) {
        String keyword = tokens.keyword();
        boolean section = tokens.peek() == '[';
        return switch (keyword) {
            case "FLAGS" -> Plain.FLAGS;
            case "INTERNALDATE" -> Plain.INTERNALDATE;
            case "RFC822.SIZE" -> Plain.SIZE;
            case "UID" -> Plain.UID;
            case "MODSEQ" -> Plain.MODSEQ;
            case "ENVELOPE" -> Outlined.ENVELOPE;
            case "BODYSTRUCTURE" -> Outlined.BODYSTRUCTURE;
            case "BODY" -> section ? body(tokens, limits, false) : Outlined.BODY;
            case "BODY.PEEK" -> body(tokens, limits, true);
            case "BINARY" -> binary(tokens, limits, false);
            case "BINARY.PEEK" -> binary(tokens, limits, true);
            case "BINARY.SIZE" -> new BinarySize(SectionName.parsePart(tokens, limits));
            case "RFC822" -> legacy(SectionName.Kind.ALL, false, keyword);
            case "RFC822.HEADER" -> legacy(SectionName.Kind.HEADER, true, keyword);
            case "RFC822.TEXT" -> legacy(SectionName.Kind.TEXT, false, keyword);
            case String _ -> throw new BadCommand("Unknown FETCH item");
        };
    }

    private static FetchItem legacy(SectionName.Kind kind, boolean peek, String label) {
        return new Section(SectionName.of(kind), peek, Optional.empty(), label);
    }

    private static FetchItem body(Tokens tokens, ImapLimits limits, boolean peek) {
        return new Section(SectionName.parse(tokens, limits), peek, partial(tokens), "");
    }

    private static FetchItem binary(Tokens tokens, ImapLimits limits, boolean peek) {
        return new Binary(SectionName.parsePart(tokens, limits), peek, partial(tokens));
    }

    private static Optional<Partial> partial(Tokens tokens) {
        if (!tokens.take('<')) {
            return Optional.empty();
        }
        long offset = tokens.number();
        tokens.need('.');
        long length = tokens.numberFromOne(Long.MAX_VALUE);
        tokens.need('>');
        return Optional.of(new Partial(offset, length));
    }
}
