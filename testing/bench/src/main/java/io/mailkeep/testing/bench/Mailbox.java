package io.mailkeep.testing.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A mailbox of a server under measurement, and how its owner signs in. */
record Mailbox(String address, String password) {
    /** What mailboxes are for: what one row puts into them doesn't change another row's work. */
    enum Use {
        DELIVERY(64),
        READING(8),
        SIZES(3),
        IDLING(64);

        private final int count;

        Use(int count) {
            this.count = count;
        }

        /** The same in each run. */
        List<Mailbox> mailboxes() {
            return IntStream.range(0, count)
                    .mapToObj(i ->
                            new Mailbox(
                                    name().toLowerCase(Locale.ROOT) + i + "@bench.example",
                                    "vague-hinge-" + (7_000 + i)))
                    .toList();
        }
    }
}
