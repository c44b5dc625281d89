package io.mailkeep.imap.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Reads one command's arguments from left to right by the grammar of RFC 9051 9; strict about
 * spaces, as it asks. What doesn't fit throws {@link BadCommand}. The command lies in memory,
 * within the limits: text and literals take turns.
 */
public final class Tokens {
    private final List<byte[]> pieces;
    private int piece;
    private int at;

    /**
     * @param pieces text at even places (without the literals' announcements), literals at odd ones
     */
    public Tokens(List<byte[]> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /** A command without literals. */
    public static Tokens of(String line) {
        return new Tokens(List.of(line.getBytes(StandardCharsets.UTF_8)));
    }

    private byte[] text() {
        return pieces.get(piece);
    }

    /** The next character; -1 at a literal or at the end. */
    public int peek() {
        return at < text().length ? text()[at] & 0xFF : -1;
    }

    private boolean atLiteral() {
        return at == text().length && piece + 1 < pieces.size();
    }

    /** Nothing is left. */
    public boolean atEnd() {
        return at == text().length && piece + 1 >= pieces.size();
    }

    /** Makes sure that nothing is left. */
    public void end() {
        if (!atEnd()) {
            throw new BadCommand("Too many arguments");
        }
    }

    /** Takes this character if it is next. */
    public boolean take(char one) {
        if (peek() != one) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes this character, which must be next. */
    public void need(char one) {
        if (!take(one)) {
            throw new BadCommand(one == ' ' ? "Missing argument" : "Expected '" + one + "'");
        }
    }

    /** Exactly one space. */
    public void space() {
        need(' ');
    }

    /** Whether the text from here on starts so, whatever the case; not taken. */
    public boolean ahead(String keyword) {
        byte[] text = text();
        if (text.length - at < keyword.length()) {
            return false;
        }
        String there = new String(text, at, keyword.length(), StandardCharsets.ISO_8859_1);
        return there.equalsIgnoreCase(keyword);
    }

    /** Takes this text, whatever the case, if it is next. */
    public boolean take(String keyword) {
        if (!ahead(keyword)) {
            return false;
        }
        at += keyword.length();
        return true;
    }

    /** A name of the protocol in capitals: letters, digits and {@code . - _ =}. */
    public String keyword() {
        int start = at;
        while (isKeyword(peek())) {
            at++;
        }
        if (start == at) {
            throw new BadCommand("Missing or malformed keyword");
        }
        return new String(text(), start, at - start, StandardCharsets.US_ASCII)
                .toUpperCase(Locale.ROOT);
    }

    private static boolean isKeyword(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_'
                || c == '=';
    }

    static boolean isAtom(int c) {
        return switch (c) {
            case '(', ')', '{', ' ', '%', '*', '"', '\\', ']' -> false;
            default -> c > 0x1F && c < 0x7F;
        };
    }

    private String run(boolean closing, boolean wildcards) {
        int start = at;
        while (isAtom(peek())
                || (closing && peek() == ']')
                || (wildcards && (peek() == '*' || peek() == '%'))) {
            at++;
        }
        if (peek() > 0x7F) {
            throw new BadCommand("8-bit character in an atom: quote it or send a literal");
        }
        if (start == at) {
            throw new BadCommand("Missing or malformed argument");
        }
        return new String(text(), start, at - start, StandardCharsets.US_ASCII);
    }

    /** An atom. */
    public String atom() {
        return run(false, false);
    }

    /** A tag: ASTRING-CHARs without {@code +}. */
    public String tag() {
        String tag = run(true, false);
        if (tag.indexOf('+') >= 0 || tag.length() > 256) {
            throw new BadCommand("Malformed tag");
        }
        return tag;
    }

    /** An astring: atom, quoted string or literal. */
    public String astring() {
        return peek() == '"' || atLiteral() ? string() : run(true, false);
    }

    /** A LIST pattern: as astring, wildcards allowed in the unquoted form. */
    public String pattern() {
        return peek() == '"' || atLiteral() ? string() : run(true, true);
    }

    /** A quoted string or literal, as UTF-8. */
    public String string() {
        return utf8(bytes());
    }

    /** An astring's bytes, for secrets. */
    public byte[] astringBytes() {
        return peek() == '"' || atLiteral()
                ? bytes()
                : run(true, false).getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] bytes() {
        if (atLiteral()) {
            byte[] literal = pieces.get(piece + 1);
            piece += 2;
            at = 0;
            return literal;
        }
        need('"');
        byte[] text = text();
        byte[] room = new byte[text.length - at];
        int length = 0;
        while (at < text.length && text[at] != '"') {
            if (text[at] == '\\') {
                at++;
                if (at == text.length || (text[at] != '"' && text[at] != '\\')) {
                    throw new BadCommand("Only \\\" and \\\\ may be escaped in a quoted string");
                }
            }
            room[length++] = text[at++];
        }
        if (at == text.length) {
            throw new BadCommand("Unclosed quoted string");
        }
        at++;
        return java.util.Arrays.copyOf(room, length);
    }

    private static String utf8(byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.indexOf('\0') >= 0) {
                throw new BadCommand("NUL is not allowed");
            }
            return text;
        } catch (CharacterCodingException broken) {
            throw new BadCommand("String is not valid UTF-8");
        }
    }

    /** One character of base64, or of its {@code =}. */
    public char base64Character() {
        int c = peek();
        boolean fits =
                (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '+'
                        || c == '/'
                        || c == '=';
        if (!fits) {
            throw new BadCommand("Malformed base64");
        }
        at++;
        return (char) c;
    }

    /** A number up to 2^63 - 1. */
    public long number() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (start == at || at - start > 19) {
            throw new BadCommand("Missing or malformed number");
        }
        try {
            return Long.parseLong(new String(text(), start, at - start, StandardCharsets.US_ASCII));
        } catch (NumberFormatException beyond) {
            throw new BadCommand("Number too large");
        }
    }

    /** A number from 1 to {@code most}. */
    public long numberFromOne(long most) {
        long number = number();
        if (number < 1 || number > most) {
            throw new BadCommand("Number out of range");
        }
        return number;
    }

    /** A parenthesised, space-separated list; may be empty if {@code emptyAllowed}. */
    public <T> List<T> list(int most, boolean emptyAllowed, Supplier<T> element) {
        List<T> elements = new ArrayList<>();
        need('(');
        if (emptyAllowed && take(')')) {
            return elements;
        }
        do {
            elements.add(element.get());
            if (elements.size() > most) {
                throw new BadCommand("Too many elements in a list");
            }
        } while (take(' '));
        need(')');
        return elements;
    }
}
