package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.FetchItem;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Selected;
import io.mailkeep.imap.internal.SequenceSet;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.Flags;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.Mailbox.FlagChange;
import io.mailkeep.mailbox.Mailbox.StoreResult;
import io.mailkeep.mailbox.MessageRow;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * FETCH (RFC 9051 6.4.5), with CHANGEDSINCE (RFC 7162 3.1.4). Bodies stream; the ticket is looked
 * at again at every message ({@code ATK-80}).
 */
@Claim({"ATK-51", "ATK-80"})
final class Fetch implements Verb {
    /** Messages and bytes that one decision of the ticket authority covers. */
    private static final int BATCH_MESSAGES = 2_000;

    private final boolean byUid;

    Fetch(boolean byUid) {
        this.byUid = byUid;
    }

    @Override
    public Stage stage() {
        return Stage.SELECTED;
    }

    @Override
    public boolean numbersMayChange() {
        return byUid;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        SequenceSet set = SequenceSet.parse(arguments, session.limits().ranges());
        arguments.space();
        Set<FetchItem> items = new LinkedHashSet<>(FetchItem.parse(arguments, session.limits()));
        ModSeq changedSince = new ModSeq(0);
        if (arguments.take(" (CHANGEDSINCE ")) {
            changedSince = new ModSeq(arguments.number());
            arguments.need(')');
            items.add(FetchItem.Plain.MODSEQ);
        }
        arguments.end();
        if (items.contains(FetchItem.Plain.MODSEQ)) {
            session.enableCondStore();
        }
        if (byUid) {
            items.add(FetchItem.Plain.UID);
        }
        Selected selected = session.selected();
        java.util.List<Uid> uids = selected.uids(set, byUid);
        FetchAnswer answer = new FetchAnswer(session, items);
        for (int from = 0; from < uids.size(); from += BATCH_MESSAGES) {
            int to = Math.min(uids.size(), from + BATCH_MESSAGES);
            batch(session, uids.subList(from, to), items, changedSince, answer);
        }
        return reply(answer, uids.size(), changedSince);
    }

    private Reply reply(FetchAnswer answer, int asked, ModSeq changedSince) {
        if (answer.unknownEncoding()) {
            return Reply.no("UNKNOWN-CTE", "A part's transfer encoding is not known");
        }
        if (answer.notLeaf()) {
            return Reply.no("CANNOT", "BINARY is for parts that hold no parts and no message");
        }
        boolean someGone = answer.messages() < asked && changedSince.value() == 0;
        return someGone && !byUid
                ? Reply.no("EXPUNGEISSUED", "Some of the messages no longer exist")
                : Reply.ok("FETCH completed");
    }

    private static void batch(
            Session session,
            java.util.List<Uid> uids,
            Set<FetchItem> items,
            ModSeq changedSince,
            FetchAnswer answer)
            throws IOException {
        Selected selected = session.selected();
        Mailbox mailbox = session.mailbox(Operation.READ);
        Map<Uid, MessageRow> rows = mailbox.rows(selected.folder(), uids);
        java.util.List<MessageRow> wanted =
                uids.stream()
                        .flatMap(uid -> Stream.ofNullable(rows.get(uid)))
                        .filter(row -> row.modSeq().compareTo(changedSince) > 0)
                        .toList();
        boolean seen = items.stream().anyMatch(FetchItem::setsSeen) && !selected.readOnly();
        if (seen) {
            answer.seen(markSeen(session, wanted));
        }
        if (items.stream().anyMatch(FetchItem::opens)) {
            java.util.List<Uid> open = wanted.stream().map(MessageRow::uid).toList();
            mailbox.open(selected.folder(), open, "FETCH", answer::opened);
        } else {
            for (MessageRow row : wanted) {
                answer.row(row);
            }
        }
    }

    private static Map<Uid, MessageRow> markSeen(Session session, java.util.List<MessageRow> rows) {
        java.util.List<Uid> unseen =
                rows.stream()
                        .filter(row -> !row.flags().system().contains(Flags.Flag.SEEN))
                        .map(MessageRow::uid)
                        .toList();
        if (unseen.isEmpty()) {
            return Map.of();
        }
        FlagChange change =
                new FlagChange(FlagChange.Mode.ADD, new Flags(Set.of(Flags.Flag.SEEN), Set.of()));
        // RFC 4314 4: without the right to set \\Seen it isn't set, and the message is told.
        Optional<Mailbox> mailbox = session.mailboxIfAllowed(Operation.FLAG);
        if (mailbox.isEmpty()) {
            return Map.of();
        }
        Outcome<StoreResult> outcome =
                mailbox.get().store(session.selected().folder(), unseen, change, Optional.empty());
        return switch (outcome) {
            case Outcome.Done<StoreResult>(StoreResult result) ->
                    result.changed().stream()
                            .collect(Collectors.toMap(MessageRow::uid, Function.identity()));
            // The content is what was asked for; that it was read can be noted another time.
            case Outcome.Deferred<StoreResult> _, Outcome.Refused<StoreResult> _ -> Map.of();
        };
    }
}
