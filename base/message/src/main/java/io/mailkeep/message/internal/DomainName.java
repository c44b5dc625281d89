package io.mailkeep.message.internal;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Domain names in their one form: A-labels, lower case ({@code ATK-90}). */
public final class DomainName {
    private static final int NAME_LENGTH = 253;
    private static final int LABEL_LENGTH = 63;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private DomainName() {}

    /** The canonical form, or empty for what isn't a host name (RFC 1123 2.1, RFC 5891 5). */
    public static Optional<String> canonical(String text) {
        if (text.isEmpty()
                || text.length() > NAME_LENGTH
                || !text.codePoints().allMatch(DomainName::mayStand)) {
            return Optional.empty();
        }
        String ascii;
        try {
            ascii = IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notAName) {
            return Optional.empty();
        }
        return isHostName(ascii) ? Optional.of(ascii) : Optional.empty();
    }

    /** The U-label form for people. */
    public static String unicode(String canonical) {
        return IDN.toUnicode(canonical);
    }

    /** NFKC and case folded by code point, so that no context (final sigma) makes a difference. */
    public static String fold(String text) {
        String wide = Normalizer.normalize(text, Normalizer.Form.NFKC);
        StringBuilder folded = new StringBuilder(wide.length());
        wide.codePoints()
                .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                .forEach(folded::appendCodePoint);
        return Normalizer.normalize(folded, Normalizer.Form.NFKC);
    }

    /** Whether a reader sees this character: no control, format, space, unassigned one. */
    public static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR ->
                    false;
            // Hangul fillers, the combining grapheme joiner and variation selectors draw nothing
            case Character.OTHER_LETTER -> c != 0x115f && c != 0x1160 && c != 0x3164 && c != 0xffa0;
            case Character.NON_SPACING_MARK ->
                    c != 0x034f && (c < 0xfe00 || c > 0xfe0f) && (c < 0xe0100 || c > 0xe01ef);
            default -> true;
        };
    }

    // IDNA 2003 maps sharp s and final sigma to other letters, IDNA 2008 doesn't: two answers for
    // one
    // name, so it has to be given as an A-label
    private static boolean mayStand(int c) {
        return isVisible(c) && c != 0x00df && c != 0x1e9e && c != 0x03c2;
    }

    private static boolean isHostName(String ascii) {
        if (ascii.length() > NAME_LENGTH || ascii.endsWith(".")) {
            return false;
        }
        String[] labels = ascii.split("\\.", -1);
        for (String label : labels) {
            if (label.isEmpty()
                    || label.length() > LABEL_LENGTH
                    || !LABEL.matcher(label).matches()) {
                return false;
            }
        }
        // a numeric last label is an address literal without brackets
        return !NUMBER.matcher(labels[labels.length - 1]).matches();
    }
}
