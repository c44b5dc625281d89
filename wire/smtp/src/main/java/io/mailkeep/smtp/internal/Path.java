package io.mailkeep.smtp.internal;

import io.mailkeep.kernel.Claim;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path with its parameters, as {@code MAIL FROM:} and {@code RCPT TO:} have it (RFC 5321 4.1.2).
 *
 * @param address what stands between the angle brackets; not judged yet
 * @param parameters names in capitals; a value is empty where there was none
 */
@Claim("ATK-11")
public record Path(String address, Map<String, Optional<String>> parameters) {
    private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*");

    public Path {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Parses what stands behind the verb; empty if it isn't of that form or names a parameter
     * twice.
     *
     * @param keyword {@code FROM:} or {@code TO:}
     */
    public static Optional<Path> parse(String keyword, String argument) {
        if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) {
            return Optional.empty();
        }
        // A space behind the colon is wrong and common.
        String rest = trimmed(argument.substring(keyword.length()));
        int end = end(rest);
        if (end < 0) {
            return Optional.empty();
        }
        String behind = rest.substring(end + 1);
        if (!behind.isEmpty() && behind.charAt(0) != ' ') {
            return Optional.empty();
        }
        return parameters(trimmed(behind))
                .map(parameters -> new Path(rest.substring(1, end), parameters));
    }

    /** Without the spaces around it; what else looks blank is a character like any other. */
    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) == ' ') {
            from++;
        }
        while (to > from && text.charAt(to - 1) == ' ') {
            to--;
        }
        return text.substring(from, to);
    }

    /** Where the closing bracket stands; a quoted local part may hold one, too. */
    private static int end(String text) {
        if (!text.startsWith("<")) {
            return -1;
        }
        boolean quoted = false;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<Map<String, Optional<String>>> parameters(String text) {
        Map<String, Optional<String>> found = new LinkedHashMap<>();
        if (text.isEmpty()) {
            return Optional.of(found);
        }
        for (String word : text.split(" +", -1)) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            Optional<String> value =
                    equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
            boolean fine =
                    KEYWORD.matcher(name).matches()
                            && !value.map(String::isEmpty).orElse(false)
                            && value.orElse("").chars().noneMatch(Character::isISOControl);
            if (!fine || found.putIfAbsent(name.toUpperCase(Locale.ROOT), value) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }
}
