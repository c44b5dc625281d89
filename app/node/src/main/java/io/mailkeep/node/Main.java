package io.mailkeep.node;

import io.mailkeep.node.internal.command.Mailkeep;

/** The entry of the {@code mailkeep} command. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends with its exit status: 0 done, 1 failed with a sentence, 2 used
     * wrongly.
     */
    public static void main(String[] arguments) {
        System.exit(Mailkeep.run(arguments));
    }
}
