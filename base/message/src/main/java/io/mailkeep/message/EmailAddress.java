package io.mailkeep.message;

import io.mailkeep.kernel.Claim;
import io.mailkeep.message.internal.DomainName;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;

/**
 * A mailbox address (RFC 5321 4.1.2, RFC 6531 3.3) in its one canonical form: domain in lower-case
 * A-label form, quotes removed from a local part that doesn't need them, the local part in NFC.
 * Prints as {@code [address]}.
 *
 * <p>Only {@link #parse} vouches for the form; a record built by hand is as good as its parts.
 *
 * @param localPart without quoting
 * @param domain ASCII, lower case, without trailing dot
 */
@Claim({"ATK-11", "ATK-90"})
public record EmailAddress(String localPart, String domain) {
    /** RFC 5321 4.5.3.1.1, in octets. */
    private static final int LOCAL_PART_BYTES = 64;

    /** RFC 5321 4.5.3.1.3 without the angle brackets, in octets. */
    private static final int ADDRESS_BYTES = 254;

    /**
     * Parses {@code local@domain} as it stands between angle brackets; empty if it isn't one. No
     * source route, no address literal, no control or invisible character, no trailing dot. A
     * {@code %} or {@code !} has no meaning here: it is a character of the local part.
     */
    public static Optional<EmailAddress> parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || text.length() > 4 * ADDRESS_BYTES) {
            return Optional.empty();
        }
        Optional<String> local = localPart(text.substring(0, at));
        Optional<String> domain = DomainName.canonical(text.substring(at + 1));
        if (local.isEmpty() || domain.isEmpty()) {
            return Optional.empty();
        }
        EmailAddress address = new EmailAddress(local.get(), domain.get());
        boolean fits =
                bytes(address.quotedLocalPart()) <= LOCAL_PART_BYTES
                        && bytes(address.text()) <= ADDRESS_BYTES;
        return fits ? Optional.of(address) : Optional.empty();
    }

    /**
     * A domain name alone, in the form that {@link #domain()} has; empty if it isn't one.
     * Full-width letters, capitals and U-labels fold into the same A-label form; invisible
     * characters and a trailing dot are refused.
     */
    public static Optional<String> canonicalDomain(String text) {
        return DomainName.canonical(text);
    }

    /**
     * What two spellings that reach the same account have in common: local part case-folded, NFKC,
     * sub-address cut (RFC 8265 3.3 with compatibility folding on top, so that look-alikes of width
     * can't be two accounts).
     */
    public String lookupForm() {
        int plus = localPart.indexOf('+');
        String user = plus > 0 ? localPart.substring(0, plus) : localPart;
        return DomainName.fold(user) + "@" + domain;
    }

    /** The detail after the first {@code +} (RFC 5233), if any. */
    public Optional<String> detail() {
        int plus = localPart.indexOf('+');
        return plus > 0 ? Optional.of(localPart.substring(plus + 1)) : Optional.empty();
    }

    /** The address as it may stand in a protocol, quoted where needed. */
    public String text() {
        return quotedLocalPart() + "@" + domain;
    }

    /** The address for people: as {@link #text()}, with the domain in U-label form. */
    public String display() {
        return quotedLocalPart() + "@" + DomainName.unicode(domain);
    }

    /** Whether it needs SMTPUTF8 (RFC 6531) on the way. */
    public boolean international() {
        return localPart.chars().anyMatch(c -> c > 0x7e);
    }

    @Override
    public String toString() {
        return "[address]";
    }

    private String quotedLocalPart() {
        return isDotString(localPart)
                ? localPart
                : "\"" + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static Optional<String> localPart(String text) {
        String plain = text;
        if (text.startsWith("\"")) {
            Optional<String> inner = unquote(text);
            if (inner.isEmpty()) {
                return inner;
            }
            plain = inner.get();
        } else if (!isDotString(text)) {
            return Optional.empty();
        }
        boolean clean = plain.codePoints().allMatch(EmailAddress::mayStand);
        return clean
                ? Optional.of(Normalizer.normalize(plain, Normalizer.Form.NFC))
                : Optional.empty();
    }

    /** The content of a quoted-string that spans the whole text; empty if it doesn't. */
    private static Optional<String> unquote(String text) {
        StringBuilder inner = new StringBuilder();
        int last = text.length() - 1;
        if (last < 2 || text.charAt(last) != '"') {
            return Optional.empty();
        }
        for (int i = 1; i < last; i++) {
            char c = text.charAt(i);
            if (c == '"' || (c == '\\' && i + 1 == last)) {
                return Optional.empty();
            }
            inner.append(c == '\\' ? text.charAt(++i) : c);
        }
        return Optional.of(inner.toString());
    }

    /** RFC 5321 4.1.2 Dot-string, with the UTF-8 letters of RFC 6531 3.3. */
    private static boolean isDotString(String text) {
        if (text.isEmpty() || text.startsWith(".") || text.endsWith(".") || text.contains("..")) {
            return false;
        }
        return text.chars().allMatch(c -> c > 0x7f || c == '.' || isAtext(c));
    }

    private static boolean isAtext(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }

    /** No control, nothing invisible, nothing unassigned; of the spaces only the ASCII one. */
    private static boolean mayStand(int c) {
        return c == ' ' || (c > ' ' && c < 0x7f) || (c > 0x9f && DomainName.isVisible(c));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
