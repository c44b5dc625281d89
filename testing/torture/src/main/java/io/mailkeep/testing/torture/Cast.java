package io.mailkeep.testing.torture;

import java.util.List;

/**
 * Who plays which part: accounts of two companies.
 *
 * @param owners of mailboxes that they work in themselves
 * @param receivers of mail alone
 * @param changed whose password staff changes
 * @param switched whom staff disables and enables
 */
record Cast(List<String> owners, List<String> receivers, String changed, String switched) {
    /** The demonstration's accounts. */
    static final Cast DEMO =
            new Cast(
                    List.of("alice@example.test", "bob@example2.test"),
                    List.of("bob@example.test", "alice@example2.test"),
                    "carol@example.test",
                    "carol@example2.test");

    Cast {
        owners = List.copyOf(owners);
        receivers = List.copyOf(receivers);
    }

    /** All mailboxes that get mail. */
    List<String> mailboxes() {
        return java.util.stream.Stream.concat(owners.stream(), receivers.stream()).toList();
    }

    /** Somebody whose rights are tried. */
    String person() {
        return owners.getFirst();
    }

    /** Somebody of another company. */
    String stranger() {
        return owners.getLast();
    }
}
