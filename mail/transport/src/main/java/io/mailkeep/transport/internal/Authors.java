package io.mailkeep.transport.internal;

import io.mailkeep.message.AddressList;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.message.Envelope;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Judges whether the authors a header names are all one's own addresses ({@code ATK-13}). */
public final class Authors {
    private static final int MOST = 50;

    private Authors() {}

    /**
     * Whether each address that any mail program could make out in this field's value is one's own.
     * Two readings have to agree, since mail programs disagree: the list as we parse it, and
     * whatever outside of quotes and comments looks like an address.
     */
    public static boolean own(String value, Predicate<EmailAddress> mine) {
        List<Envelope.Mailbox> parsed = AddressList.parse(value, MOST + 1);
        if (parsed.isEmpty() || parsed.size() > MOST) {
            return false;
        }
        for (Envelope.Mailbox one : parsed) {
            Optional<EmailAddress> address =
                    one.mailbox()
                            .flatMap(local ->
                                    one.host()
                                            .flatMap(host ->
                                                    EmailAddress.parse(
                                                            quoted(local) + "@" + host)));
            if (one.route().isPresent() || !address.map(mine::test).orElse(false)) {
                return false;
            }
        }
        return lookAlikes(value).stream()
                .allMatch(text -> EmailAddress.parse(text).map(mine::test).orElse(false));
    }

    private static String quoted(String local) {
        return EmailAddress.parse(local + "@example.org").isPresent()
                ? local
                : "\"" + local.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Words with an at sign in what is left without quoted strings and comments. */
    private static List<String> lookAlikes(String value) {
        StringBuilder bare = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"' && depth == 0) {
                // A quoted local part is judged by the parser; its at sign must not look bare.
                quoted = !quoted;
                bare.append('"');
            } else if (!quoted && (c == '(' || c == ')')) {
                depth = Math.max(0, depth + (c == '(' ? 1 : -1));
            } else if (!quoted && depth == 0) {
                bare.append(c);
            }
        }
        return List.of(bare.toString().split("[\\s<>,;:()]+")).stream()
                .filter(word -> word.contains("@") && !word.contains("\""))
                .toList();
    }
}
