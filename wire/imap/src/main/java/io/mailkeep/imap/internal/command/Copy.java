package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Refusals;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Selected;
import io.mailkeep.imap.internal.SequenceSet;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.Mailbox.CopyResult;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Optional;

/** COPY and MOVE (RFC 9051 6.4.7, 6.4.8), with COPYUID (RFC 4315). */
@Claim("ATK-56")
final class Copy implements Verb {
    private final boolean byUid;
    private final boolean moves;

    Copy(boolean byUid, boolean moves) {
        this.byUid = byUid;
        this.moves = moves;
    }

    @Override
    public Stage stage() {
        return Stage.SELECTED;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        SequenceSet set = SequenceSet.parse(arguments, session.limits().ranges());
        arguments.space();
        Optional<FolderName> name = session.folderName(arguments.astring());
        arguments.end();
        Selected selected = session.selected();
        java.util.List<Uid> uids = selected.uids(set, byUid);
        if (moves && selected.readOnly()) {
            return Reply.no("NOPERM", "The folder was opened read-only");
        }
        if (moves) {
            // What leaves the folder is expunged from it (RFC 6851 3.3, RFC 4314 4).
            session.mailbox(Operation.EXPUNGE);
        }
        Mailbox mailbox = session.mailbox(Operation.WRITE);
        Optional<Folder> target = name.flatMap(it -> session.mailbox(Operation.READ).folder(it));
        if (target.isEmpty()) {
            // Only a name that can be created is worth trying.
            return Reply.no(name.isPresent() ? "TRYCREATE" : "CANNOT", "There is no such folder.");
        }
        if (uids.isEmpty()) {
            return Reply.ok("No messages to copy");
        }
        Outcome<CopyResult> outcome =
                moves
                        ? mailbox.move(selected.folder(), uids, target.get().id())
                        : mailbox.copy(selected.folder(), uids, target.get().id());
        return switch (outcome) {
            case Outcome.Done<CopyResult>(CopyResult result) -> done(session, result, uids.size());
            case Outcome.Deferred<CopyResult>(var problem) -> Refusals.reply(problem, true);
            case Outcome.Refused<CopyResult>(var problem) -> Refusals.reply(problem, true);
        };
    }

    private Reply done(Session session, CopyResult result, int asked) throws IOException {
        String code = result.from().isEmpty() ? "" : copyUid(result);
        if (!moves) {
            return result.from().size() < asked && !byUid
                    ? Reply.no("EXPUNGEISSUED", "Some of the messages no longer exist")
                    : Reply.ok(code, "COPY completed");
        }
        if (!code.isEmpty()) {
            // Before the EXPUNGEs, so that the client can tell where each went (RFC 6851 4.3).
            session.out().line("* OK [" + code + "] Moved");
        }
        session.tellChanges(true, true);
        return Reply.ok("MOVE completed");
    }

    private static String copyUid(CopyResult result) {
        return "COPYUID "
                + result.uidValidity()
                + " "
                + SequenceSet.orderedText(result.from().stream().map(Uid::value).toList())
                + " "
                + SequenceSet.orderedText(result.to().stream().map(Uid::value).toList());
    }
}
