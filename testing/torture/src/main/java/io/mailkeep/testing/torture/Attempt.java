package io.mailkeep.testing.torture;

/**
 * One thing the load tries, as the ledger knows it before it is tried.
 *
 * @param number unique and growing over the ledger
 * @param account whose mailbox it is about
 * @param letter the letter's id; empty where there is none
 * @param from the place it is taken from, {@code to} the one it goes to; a place is {@code INBOX}
 *     or a folder's mark, which stays through renames
 * @param detail what the verb says of it
 * @param digest SHA-256 of the letter as it is sent, in hex; empty where there is none
 */
record Attempt(
        long number,
        Verb verb,
        String account,
        String letter,
        String from,
        String to,
        String detail,
        String digest) {

    /** As a finding tells it. */
    String told() {
        StringBuilder told = new StringBuilder(verb.toString());
        if (!from.isEmpty()) {
            told.append(" from ").append(from);
        }
        if (!to.isEmpty()) {
            told.append(" to ").append(to);
        }
        return told.append(" (attempt ").append(number).append(')').toString();
    }
}
