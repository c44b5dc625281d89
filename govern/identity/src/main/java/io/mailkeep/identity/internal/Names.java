package io.mailkeep.identity.internal;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.message.EmailAddress;
import java.text.Normalizer;
import java.util.Optional;

/**
 * The one form of names, and the text by which each is found: two spellings that a person would
 * take for the same have the same text ({@code ATK-90}).
 */
@Claim("ATK-90")
public final class Names {
    private static final int NAME_LENGTH = 100;

    private Names() {}

    /** A company's or person's name: visible characters with single spaces between them. */
    public static Outcome<String> display(String given) {
        String name = Normalizer.normalize(given, Normalizer.Form.NFC).strip();
        if (name.isEmpty() || name.length() > NAME_LENGTH) {
            return refused("A name has 1 to " + NAME_LENGTH + " characters.");
        }
        boolean clean = name.codePoints().allMatch(c -> c == ' ' || isVisible(c));
        return clean && !name.contains("  ")
                ? Outcome.done(name)
                : refused(
                        "The name contains invisible characters, control characters or double spaces.");
    }

    /** A domain that mail can be sent to. */
    public static Outcome<String> domain(String given) {
        Optional<String> domain =
                EmailAddress.canonicalDomain(given).filter(name -> name.contains("."));
        return domain.map(Outcome::done)
                .orElseGet(() -> refused("This isn't a domain name such as example.org."));
    }

    /**
     * An address that an account may have: no sub-address, nothing that another server reads as a
     * route.
     */
    public static Outcome<EmailAddress> accountAddress(EmailAddress address) {
        boolean plain =
                address.localPart()
                        .codePoints()
                        .allMatch(c ->
                                Character.isLetterOrDigit(c)
                                        || isMark(c)
                                        || "._-'".indexOf(c) >= 0);
        if (!plain || address.text().startsWith("\"")) {
            return refused(
                    "An account's address may contain letters, digits and . _ - ' before the @.");
        }
        return Outcome.done(address);
    }

    /** By this text a company's name is found. */
    public static String tenantText(String name) {
        StringBuilder folded = new StringBuilder();
        String wide = Normalizer.normalize(name, Normalizer.Form.NFKC);
        wide.codePoints()
                .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                .filter(Character::isLetterOrDigit)
                .forEach(folded::appendCodePoint);
        String text = Normalizer.normalize(folded, Normalizer.Form.NFKC);
        // a name of signs alone folds to nothing: it stands for itself
        return "tenant " + (text.isEmpty() ? wide : text);
    }

    /** By this text a domain is found, over all companies. */
    public static String domainText(String domain) {
        return "domain " + domain;
    }

    /**
     * By this text an address is found, within its company: no hash tells that two companies share
     * one.
     */
    public static String addressText(TenantId tenant, EmailAddress address) {
        return "address " + tenant + " " + address.lookupForm();
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isVisible(int c) {
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
            default -> true;
        };
    }

    private static <T> Outcome<T> refused(String text) {
        return Outcome.failed(Problem.malformed(550, "5.1.3", text));
    }
}
