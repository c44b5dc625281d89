package io.mailkeep.mailbox;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Standing;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One copy for one mailbox.
 *
 * @param access to deliver into (or, for APPEND, to write) this mailbox
 * @param id the delivery id: the same id given twice is stored once
 * @param folder empty for INBOX
 * @param trace header lines to be put before the body (Return-Path, Received), CRLF at each end;
 *     may be empty
 * @param standing the standing ticket the access rests on; empty for an owner's APPEND
 * @param facts what the audit entry of this delivery says besides, without personal data; the queue
 *     id under {@code queueId}, by which a message is traced
 */
public record Delivery(
        Access access,
        CopyId id,
        Optional<FolderId> folder,
        Incoming message,
        byte[] trace,
        Flags flags,
        Instant received,
        Optional<Standing> standing,
        Map<String, String> facts) {
    public Delivery {
        facts = Map.copyOf(facts);
    }
}
