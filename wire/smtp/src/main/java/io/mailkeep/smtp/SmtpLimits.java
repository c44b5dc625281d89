package io.mailkeep.smtp;

import java.time.Duration;

/**
 * What a client may ask of one session ({@code NET-2}); what a message may be stands in {@code
 * IntakeLimits}.
 *
 * @param commandOctets a command line with its CRLF (RFC 5321 4.5.3.1.4 asks for 512, extensions
 *     for more)
 * @param authOctets a line of an AUTH exchange with its CRLF (RFC 4954 4 asks for 12,288)
 * @param errors bad commands before the session ends with {@code 421}
 * @param refusals unknown recipients and other refusals, without a message between, before it ends
 * @param idleCommands commands without a message before it ends
 * @param signInFailures failed sign-ins before it ends
 * @param greetPause how long a client is watched for speaking before the greeting; zero: not at all
 * @param commandIdle silence before a command (RFC 5321 4.5.3.2.7 asks for 5 minutes)
 * @param dataIdle silence within data (RFC 5321 4.5.3.2.5 asks for 3 minutes)
 * @param dataOverall all of one message's data
 * @param drainOctets data read on and thrown away after a message can't be taken any more, so that
 *     the client learns why; beyond, the connection is cut
 */
public record SmtpLimits(
        int commandOctets,
        int authOctets,
        int errors,
        int refusals,
        int idleCommands,
        int signInFailures,
        Duration greetPause,
        Duration commandIdle,
        Duration dataIdle,
        Duration dataOverall,
        long drainOctets) {
    /** The limits of an installation that sets none. */
    public static SmtpLimits standard() {
        return new SmtpLimits(
                2_048,
                12_288,
                20,
                100,
                100,
                3,
                Duration.ZERO,
                Duration.ofMinutes(5),
                Duration.ofMinutes(3),
                Duration.ofMinutes(30),
                64L << 20);
    }
}
