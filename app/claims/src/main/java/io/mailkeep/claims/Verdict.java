package io.mailkeep.claims;

/**
 * What a probe found.
 *
 * @param id the claim, such as {@code DAT-3}
 * @param did what the probe did
 * @param saw what it observed, and which parts of the claim aren't built
 * @param ms how long it took, milliseconds
 */
public record Verdict(String id, State verdict, String did, String saw, long ms) {
    /** How a claim stands. */
    public enum State {
        PROVED,
        FAILED,
        /** A human statement with an expiry date. */
        ATTESTED,
        /** Built, but this machine or configuration can't show it; {@code saw} says what to do. */
        NOT_CONFIGURED,
        NOT_BUILT;

        /** The word in JSON and on the screen: lower case. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
