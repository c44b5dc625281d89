package io.mailkeep.identity;

import java.time.Duration;

/**
 * How many failed sign-ins are borne ({@code ATK-65}); one count over all protocols of a node.
 *
 * @param window how long a failure counts
 * @param freePerAccount failures without delay
 * @param perAccount failures of one name, from everywhere, until it is refused for the window
 * @param perAddress failures from one network address (an IPv6 network of 64 bits is one)
 * @param delayMax the longest delay of an answer
 * @param patience how long an attempt waits in line while others of its name or address are
 *     undecided
 * @param entries names and addresses remembered, at most
 */
public record SignInLimits(
        Duration window,
        int freePerAccount,
        int perAccount,
        int perAddress,
        Duration delayMax,
        Duration patience,
        int entries) {
    /** What the server uses unless configured otherwise. */
    public static final SignInLimits STANDARD =
            new SignInLimits(
                    Duration.ofMinutes(15),
                    3,
                    20,
                    100,
                    Duration.ofSeconds(4),
                    Duration.ofMinutes(1),
                    100_000);
}
