package io.mailkeep.imap.internal;

import io.mailkeep.kernel.Claim;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A LIST pattern (RFC 9051 6.3.9): {@code *} stands for anything, {@code %} for anything within one
 * level. All ways through the pattern are followed at once, a bit each, so that no pattern takes
 * more than its length times the name's ({@code ATK-50}).
 */
@Claim("ATK-50")
public final class ListPattern {
    private static final int NAME_CHARS_MAX = 1_000;

    private final String pattern;
    private final boolean hopeless;
    private final int words;
    private final long[] star;
    private final long[] percent;
    private final Map<Character, long[]> plain = new HashMap<>();

    private ListPattern(String pattern) {
        this.pattern = pattern;
        long plain = pattern.chars().filter(c -> c != '*' && c != '%').count();
        this.hopeless = plain > NAME_CHARS_MAX;
        this.words = (pattern.length() + 64) / 64;
        this.star = mask('*');
        this.percent = mask('%');
    }

    /** The pattern; runs of wildcards become one. */
    public static ListPattern of(String pattern) {
        StringBuilder short_ = new StringBuilder();
        for (char c : inboxInCapitals(pattern).toCharArray()) {
            int last = short_.length() - 1;
            boolean wild = c == '*' || c == '%';
            boolean afterWild =
                    wild && last >= 0 && (short_.charAt(last) == '*' || short_.charAt(last) == '%');
            if (!afterWild) {
                short_.append(c);
            } else if (c == '*') {
                short_.setCharAt(last, '*');
            }
        }
        return new ListPattern(short_.toString());
    }

    /** INBOX is one folder in any case (RFC 9051 5.1), in a pattern too. */
    private static String inboxInCapitals(String pattern) {
        boolean inbox =
                pattern.regionMatches(true, 0, "INBOX", 0, 5)
                        && (pattern.length() == 5 || "/*%".indexOf(pattern.charAt(5)) >= 0);
        return inbox ? "INBOX".toUpperCase(Locale.ROOT) + pattern.substring(5) : pattern;
    }

    private long[] mask(char wanted) {
        long[] mask = new long[words];
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) == wanted) {
                mask[i >> 6] |= 1L << i;
            }
        }
        return mask;
    }

    private long[] plain(char c) {
        return c == '*' || c == '%' ? new long[words] : mask(c);
    }

    /** Whether {@code %} occurs. */
    public boolean hasPercent() {
        return pattern.indexOf('%') >= 0;
    }

    /** Whether the whole name matches. */
    public boolean matches(String name) {
        if (hopeless) {
            return false;
        }
        long[] states = new long[words];
        states[0] = 1;
        skipWildcards(states);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            long[] same = plain.computeIfAbsent(c, this::plain);
            step(states, same, c != '/');
        }
        int end = pattern.length();
        return (states[end >> 6] >>> end & 1) == 1;
    }

    private void step(long[] states, long[] same, boolean withinLevel) {
        long[] moved = new long[words];
        long carry = 0;
        for (int w = 0; w < words; w++) {
            long hit = states[w] & same[w];
            long stay = states[w] & (star[w] | (withinLevel ? percent[w] : 0));
            moved[w] = hit << 1 | carry | stay;
            carry = hit >>> 63;
        }
        System.arraycopy(moved, 0, states, 0, words);
        skipWildcards(states);
    }

    /** A wildcard may stand for nothing; no two stand side by side, so one step does it. */
    private void skipWildcards(long[] states) {
        long carry = 0;
        long[] wild = Arrays.copyOf(states, words);
        for (int w = 0; w < words; w++) {
            wild[w] &= star[w] | percent[w];
            states[w] |= wild[w] << 1 | carry;
            carry = wild[w] >>> 63;
        }
    }
}
