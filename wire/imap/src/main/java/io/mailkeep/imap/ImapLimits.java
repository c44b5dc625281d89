package io.mailkeep.imap;

import io.mailkeep.kernel.Claim;
import java.time.Duration;

/**
 * Every limit of the protocol in one place ({@code NET-2}).
 *
 * @param lineOctets one line of a command, after sign-in
 * @param commandOctets a whole command with its literals, a message to be appended excepted
 * @param literals literals in one command
 * @param earlyLineOctets one line before sign-in
 * @param earlyCommandOctets a whole command before sign-in, and so any literal of it
 * @param messageOctets a message to be appended
 * @param appendMemoryOctets what APPEND copies at a time
 * @param fetchItems items of one FETCH
 * @param fieldNames header fields named in one section
 * @param sectionDepth numbers in one section's part path
 * @param searchKeys keys of one SEARCH, nested ones included
 * @param searchDepth how deep SEARCH keys may nest
 * @param searchOctets octets of one message that BODY and TEXT look through
 * @param ranges elements of one sequence set
 * @param patterns patterns of one LIST
 * @param keywords keywords of one flag list
 * @param badCommands malformed commands before the connection ends
 * @param signInFailures failed sign-ins before the connection ends
 * @param sessionsPerAccount connections of one account at once
 * @param signInTime from the greeting until sign-in, in all
 * @param idleTime between commands, and of one IDLE (RFC 9051 5.4: at least 30 minutes)
 * @param argumentTime a client may take within a command, between two octets
 * @param commandTime a client may take to send one command
 * @param appendTime a client may take to send one message
 * @param idleBeat how often IDLE says that it is still there, so that a dead peer is noticed
 */
@Claim({"NET-2", "ATK-48", "ATK-49", "ATK-50", "ATK-51", "ATK-57"})
public record ImapLimits(
        int lineOctets,
        int commandOctets,
        int literals,
        int earlyLineOctets,
        int earlyCommandOctets,
        long messageOctets,
        int appendMemoryOctets,
        int fetchItems,
        int fieldNames,
        int sectionDepth,
        int searchKeys,
        int searchDepth,
        long searchOctets,
        int ranges,
        int patterns,
        int keywords,
        int badCommands,
        int signInFailures,
        int sessionsPerAccount,
        Duration signInTime,
        Duration idleTime,
        Duration argumentTime,
        Duration commandTime,
        Duration appendTime,
        Duration idleBeat) {

    /** What the server uses unless configured otherwise. */
    public static ImapLimits standard() {
        return new ImapLimits(
                64 * 1024,
                128 * 1024,
                200,
                12 * 1024,
                4 * 1024 + 12 * 1024,
                52_428_800L,
                64 * 1024,
                64,
                100,
                64,
                500,
                32,
                64L << 20,
                5_000,
                32,
                64,
                20,
                4,
                64,
                Duration.ofMinutes(2),
                Duration.ofMinutes(30),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                Duration.ofMinutes(30),
                Duration.ofMinutes(2));
    }

    /** With another largest message, and another number of connections of one account. */
    public ImapLimits with(long messages, int sessions) {
        return new ImapLimits(
                lineOctets,
                commandOctets,
                literals,
                earlyLineOctets,
                earlyCommandOctets,
                messages,
                appendMemoryOctets,
                fetchItems,
                fieldNames,
                sectionDepth,
                searchKeys,
                searchDepth,
                searchOctets,
                ranges,
                patterns,
                keywords,
                badCommands,
                signInFailures,
                sessions,
                signInTime,
                idleTime,
                argumentTime,
                commandTime,
                appendTime,
                idleBeat);
    }

    /** A pre-login literal's limit (ATK-48). */
    public int earlyLiteralOctets() {
        return 4 * 1024;
    }

    /** A non-synchronising literal's limit: LITERAL-, RFC 7888 5. */
    public int nonSyncLiteralOctets() {
        return 4 * 1024;
    }
}
