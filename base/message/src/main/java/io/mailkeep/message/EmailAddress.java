package io.mailkeep.message;

import java.util.Optional;

/**
 * A mailbox address (RFC 5321 4.1.2, RFC 6531 3.3) in its one canonical form: domain in lower-case
 * A-label form, quotes removed from a local part that doesn't need them, the local part in NFC.
 * Prints as {@code [address]}.
 *
 * @param localPart without quoting
 * @param domain ASCII, lower case, without trailing dot
 */
public record EmailAddress(String localPart, String domain) {
    /**
     * Parses {@code local@domain} as it stands between angle brackets; empty if it isn't one. No
     * source route.
     */
    public static Optional<EmailAddress> parse(String text) {
        throw new UnsupportedOperationException();
    }

    /**
     * What two spellings that reach the same account have in common: local part case-folded, NFKC,
     * sub-address cut.
     */
    public String lookupForm() {
        throw new UnsupportedOperationException();
    }

    /** The detail after the first {@code +} (RFC 5233), if any. */
    public Optional<String> detail() {
        throw new UnsupportedOperationException();
    }

    /** The address as it may stand in a protocol, quoted where needed. */
    public String text() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String toString() {
        return "[address]";
    }
}
