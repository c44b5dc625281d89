package io.mailkeep.transport.internal;

import io.mailkeep.kernel.Claim;
import java.util.Locale;

/**
 * Knows the header fields that only this server may write: a message that brings them along lies
 * (RFC 8601 5, {@code ATK-22}).
 */
@Claim("ATK-22")
public final class ForgedFields {
    private final String hostName;

    public ForgedFields(String hostName) {
        this.hostName = hostName.toLowerCase(Locale.ROOT);
    }

    /**
     * Whether a field is to be removed.
     *
     * @param value as sent, folded or not
     */
    public boolean forged(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("x-mailkeep-")) {
            return true;
        }
        return switch (lower) {
            case "authentication-results" -> isOurs(firstToken(value));
            case "arc-authentication-results" -> isOurs(firstToken(afterSemicolon(value)));
            case "received-spf" -> receivedSpfIsOurs(value);
            default -> false;
        };
    }

    private boolean isOurs(String token) {
        String bare = token.endsWith(".") ? token.substring(0, token.length() - 1) : token;
        return bare.equalsIgnoreCase(hostName);
    }

    private static String afterSemicolon(String value) {
        int at = value.indexOf(';');
        return at < 0 ? "" : value.substring(at + 1);
    }

    /** {@code receiver=} names who checked (RFC 7208 9.1). */
    private boolean receivedSpfIsOurs(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        for (int at = lower.indexOf("receiver"); at >= 0; at = lower.indexOf("receiver", at + 1)) {
            String rest = lower.substring(at + "receiver".length()).stripLeading();
            if (rest.startsWith("=") && isOurs(firstToken(rest.substring(1)))) {
                return true;
            }
        }
        return false;
    }

    /** The first word behind white space and comments, its quotes removed (RFC 5322 3.2). */
    private static String firstToken(String value) {
        StringBuilder token = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean escaped = c == '\\' && (quoted || depth > 0) && i + 1 < value.length();
            if (escaped) {
                i++;
                if (quoted) {
                    token.append(value.charAt(i));
                }
            } else if (quoted) {
                if (c == '"') {
                    return token.toString();
                }
                token.append(c);
            } else if (c == '(' || c == ')') {
                if (!token.isEmpty()) {
                    return token.toString();
                }
                depth = Math.max(0, depth + (c == '(' ? 1 : -1));
            } else if (depth == 0) {
                if (c == '"') {
                    quoted = true;
                } else if (c > ' ' && c != ';') {
                    token.append(c);
                } else if (!token.isEmpty()) {
                    return token.toString();
                }
            }
        }
        return token.toString();
    }
}
