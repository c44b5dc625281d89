package io.mailkeep.mailbox;

import java.time.Duration;

/**
 * How much the mailbox room takes at once.
 *
 * @param folders a mailbox may have, at most
 * @param copyMessages messages of one COPY, at most
 * @param copyBytes bytes of outlines and trace headers of one COPY, at most
 * @param openMessages messages whose keys are opened together while reading, at most
 * @param openBytes bytes of their outlines and trace headers, at most (one message is always taken)
 * @param groupMessages messages that share one sync and one transaction, at most
 * @param groupBytes bytes of their bodies, at most (one message is always taken)
 * @param queueMessages messages waiting for that, at most
 * @param queueBytes bytes of their bodies, at most
 * @param company how long a message waits for others, if the last group had more than one
 * @param attempts how often work is begun again because keys or folders changed meanwhile
 */
public record MailboxLimits(
        int folders,
        int copyMessages,
        long copyBytes,
        int openMessages,
        long openBytes,
        int groupMessages,
        long groupBytes,
        int queueMessages,
        long queueBytes,
        Duration company,
        int attempts) {
    /** What the server uses unless configured otherwise. */
    public static MailboxLimits standard() {
        return new MailboxLimits(
                5_000,
                10_000,
                32L << 20,
                200,
                8L << 20,
                256,
                128L << 20,
                1_024,
                4L << 30,
                Duration.ofMillis(2),
                8);
    }
}
