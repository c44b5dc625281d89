package io.mailkeep.mailbox;

import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import java.util.List;
import java.util.Optional;

/**
 * Puts messages into mailboxes; nothing can be read through it ({@code ACC-3}).
 *
 * <p>A message is <em>durable</em> on return: its bytes synced, its rows committed. Deliveries that
 * arrive together share one sync and one transaction.
 */
public final class Dropbox {
    /**
     * Delivers one message to its recipients; answers in the order given. A deferred or refused one
     * left nothing behind.
     */
    public List<Outcome<Receipt>> deliver(List<Delivery> deliveries) {
        throw new UnsupportedOperationException();
    }

    /**
     * A stored copy.
     *
     * @param place where it is; empty if it was moved elsewhere or destroyed since its first
     *     delivery
     * @param again it was there already, by its delivery id
     */
    public record Receipt(Optional<Place> place, boolean again) {}

    /** Where a copy is. */
    public record Place(FolderId folder, long uidValidity, Uid uid, ModSeq modSeq) {}
}
