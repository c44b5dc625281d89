package io.mailkeep.mailbox;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Uid;
import java.time.Instant;

/**
 * What is known of a message without opening it.
 *
 * @param received INTERNALDATE
 * @param saved when it came into this folder (SAVEDATE, RFC 8514)
 * @param size bytes of the message as read, trace headers included
 */
public record MessageRow(
        CopyId copy,
        Uid uid,
        ModSeq modSeq,
        Flags flags,
        Instant received,
        Instant saved,
        long size) {}
