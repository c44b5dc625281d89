package io.mailkeep.audit;

/**
 * Text as a terminal may show it ({@code ATK-114}): what steers a terminal or turns the reading
 * direction is shown as its code point, on one line.
 */
public final class TerminalText {
    private TerminalText() {}

    /** The text without a character that does more than stand there. */
    public static String safe(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> append(safe, c));
        return safe.toString();
    }

    private static void append(StringBuilder safe, int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    safe.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
            default -> safe.appendCodePoint(codePoint);
        }
    }
}
