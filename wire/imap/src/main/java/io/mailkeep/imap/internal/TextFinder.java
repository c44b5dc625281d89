package io.mailkeep.imap.internal;

import java.io.IOException;
import java.io.Reader;

/**
 * Finds one text in others, whatever the case, in one pass without going back (Knuth, Morris,
 * Pratt): linear for any text and any needle.
 */
final class TextFinder {
    private final char[] needle;
    private final int[] fallback;

    TextFinder(String text) {
        needle = new char[text.length()];
        for (int i = 0; i < needle.length; i++) {
            needle[i] = fold(text.charAt(i));
        }
        fallback = new int[needle.length + 1];
        int matched = 0;
        for (int i = 1; i < needle.length; i++) {
            matched = next(matched, needle[i]);
            fallback[i + 1] = matched;
        }
    }

    private static char fold(char c) {
        return Character.toLowerCase(Character.toUpperCase(c));
    }

    private int next(int matched, char c) {
        int state = matched;
        while (state > 0 && (state == needle.length || needle[state] != c)) {
            state = fallback[state];
        }
        return state < needle.length && needle[state] == c ? state + 1 : state;
    }

    boolean isIn(String text) {
        int matched = 0;
        for (int i = 0; i < text.length() && matched < needle.length; i++) {
            matched = next(matched, fold(text.charAt(i)));
        }
        return matched == needle.length;
    }

    boolean isIn(Reader text) throws IOException {
        char[] chunk = new char[8 * 1024];
        int matched = 0;
        for (int n = text.read(chunk); n >= 0 && matched < needle.length; n = text.read(chunk)) {
            for (int i = 0; i < n && matched < needle.length; i++) {
                matched = next(matched, fold(chunk[i]));
            }
        }
        return matched == needle.length;
    }
}
