package io.mailkeep.mailbox;

import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import java.util.List;

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
     * Where a copy is now.
     *
     * @param again it was there already, by its delivery id
     */
    public record Receipt(
            FolderId folder, long uidValidity, Uid uid, ModSeq modSeq, boolean again) {}
}
