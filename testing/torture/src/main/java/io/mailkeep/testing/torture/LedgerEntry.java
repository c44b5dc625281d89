package io.mailkeep.testing.torture;

/**
 * A line of the ledger.
 *
 * @param at when, wall time
 * @param said what the server answered
 */
record LedgerEntry(Attempt attempt, Phase phase, String at, String said) {
    /** How far an attempt got. One that was sent and has no other line is unknown. */
    enum Phase {
        SENT,
        ACKED,
        REFUSED,
        UNKNOWN
    }
}
