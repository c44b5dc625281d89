package io.mailkeep.mailbox;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.internal.Committer;
import io.mailkeep.mailbox.internal.Intake;
import io.mailkeep.mailbox.internal.Parts;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Puts messages into mailboxes; nothing can be read through it ({@code ACC-3}).
 *
 * <p>A message is <em>durable</em> on return: its bytes synced, its rows and audit entries
 * committed. Deliveries that arrive together share one sync and one transaction.
 */
@Claim("ACC-3")
public final class Dropbox {
    private final Committer committer;
    private final Intake intake;
    private final Supplier<Optional<Problem>> gate;

    Dropbox(Parts parts, Supplier<Optional<Problem>> gate) {
        this.committer = new Committer(parts);
        this.intake = new Intake(parts, committer);
        this.gate = gate;
    }

    /**
     * Delivers one message to its recipients; answers in the order given. A refused one left
     * nothing behind. A deferred one may be given again under the same delivery id, and is then
     * stored once even if it had been stored and only the answer was lost. The message's body is
     * not read any more after the return.
     */
    public List<Outcome<Receipt>> deliver(List<Delivery> deliveries) {
        // The audit log can't keep up: what can't be told isn't done (DESIGN.md 9).
        Optional<Problem> closed = gate.get();
        if (closed.isPresent()) {
            return deliveries.stream().map(_ -> Outcome.<Receipt>failed(closed.get())).toList();
        }
        return intake.deliver(deliveries);
    }

    /** What was done since the start, and what waits. */
    public Counters counters() {
        return new Counters(
                committer.groups(),
                committer.messages(),
                committer.transactions(),
                committer.waiting());
    }

    /** Takes no more, and finishes what waits. */
    void close() {
        committer.close();
    }

    /**
     * @param groups messages that were made durable together count as one
     * @param messages in all of them
     * @param transactions database calls for them
     * @param waiting messages that wait for their group now
     */
    public record Counters(long groups, long messages, long transactions, int waiting) {}

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
