package io.mailkeep.smtp.internal.command;

import io.mailkeep.smtp.internal.Reply;
import java.util.regex.Pattern;

/**
 * The name a client gives itself: a domain or an address literal (RFC 5321 4.1.1.1). What passes
 * can stand in a trace field as it is.
 */
final class GreetingName {
    /** With underscores: many a computer is called so. */
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*)");

    private static final Pattern LITERAL = Pattern.compile("\\[[A-Za-z0-9:.-]+\\]");

    private GreetingName() {}

    static boolean valid(String name) {
        return name.length() <= 255
                && (DOMAIN.matcher(name).matches() || LITERAL.matcher(name).matches());
    }

    static Reply refusal() {
        return Reply.of(
                501, "5.5.4", "Say who you are: a domain name, or an address as [192.0.2.1]");
    }
}
