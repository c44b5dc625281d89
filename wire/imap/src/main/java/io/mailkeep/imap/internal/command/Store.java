package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.BadCommand;
import io.mailkeep.imap.internal.FlagList;
import io.mailkeep.imap.internal.Refusals;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Selected;
import io.mailkeep.imap.internal.SequenceSet;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.Flags;
import io.mailkeep.mailbox.Mailbox.FlagChange;
import io.mailkeep.mailbox.Mailbox.StoreResult;
import io.mailkeep.mailbox.MessageRow;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Optional;

/** STORE (RFC 9051 6.4.6), with UNCHANGEDSINCE (RFC 7162 3.1.3). */
final class Store implements Verb {
    private final boolean byUid;

    Store(boolean byUid) {
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
        Optional<ModSeq> unchangedSince = Optional.empty();
        if (arguments.take("(UNCHANGEDSINCE ")) {
            unchangedSince = Optional.of(new ModSeq(arguments.number()));
            arguments.need(')');
            arguments.space();
        }
        FlagChange.Mode mode = mode(arguments);
        if (!arguments.take("FLAGS")) {
            throw new BadCommand("Only FLAGS can be stored");
        }
        boolean silent = arguments.take(".SILENT");
        arguments.space();
        Flags flags = FlagList.parseForStore(arguments, session.limits().keywords());
        arguments.end();
        if (unchangedSince.isPresent()) {
            session.enableCondStore();
        }
        Selected selected = session.selected();
        java.util.List<Uid> uids = selected.uids(set, byUid);
        if (selected.readOnly()) {
            return Reply.no("NOPERM", "The folder was opened read-only");
        }
        Outcome<StoreResult> outcome =
                session.mailbox(Operation.FLAG)
                        .store(
                                selected.folder(),
                                uids,
                                new FlagChange(mode, flags),
                                unchangedSince);
        boolean conditional = unchangedSince.isPresent();
        return switch (outcome) {
            case Outcome.Done<StoreResult>(StoreResult result) -> {
                tell(session, result, silent, conditional);
                yield reply(session, result, uids.size());
            }
            case Outcome.Deferred<StoreResult>(var problem) -> Refusals.reply(problem, false);
            case Outcome.Refused<StoreResult>(var problem) -> Refusals.reply(problem, false);
        };
    }

    private static FlagChange.Mode mode(Tokens arguments) {
        if (arguments.take('+')) {
            return FlagChange.Mode.ADD;
        }
        return arguments.take('-') ? FlagChange.Mode.REMOVE : FlagChange.Mode.SET;
    }

    private void tell(Session session, StoreResult result, boolean silent, boolean conditional)
            throws IOException {
        boolean modSeq = session.condStore() || conditional;
        Selected selected = session.selected();
        for (MessageRow row : result.changed()) {
            int number = selected.number(row.uid());
            if (number == 0 || (silent && !modSeq)) {
                selected.told(row);
                continue;
            }
            selected.announceKeywords(row, session.flagWriter());
            session.flagWriter().changed(number, row, byUid, !silent, modSeq);
            selected.told(row);
        }
    }

    private Reply reply(Session session, StoreResult result, int asked) {
        boolean someGone = result.changed().size() + result.modified().size() < asked;
        if (!result.modified().isEmpty()) {
            long[] left =
                    result.modified().stream()
                            .mapToLong(uid -> byUid ? uid.value() : session.selected().number(uid))
                            .sorted()
                            .toArray();
            String code = "MODIFIED " + SequenceSet.text(left);
            return someGone && !byUid
                    ? Reply.no(code, "Some of the messages no longer exist")
                    : Reply.ok(code, "Conditional STORE failed for some");
        }
        return someGone && !byUid
                ? Reply.no("EXPUNGEISSUED", "Some of the messages no longer exist")
                : Reply.ok("STORE completed");
    }
}
