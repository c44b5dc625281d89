package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Refusals;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Optional;

/** RENAME (RFC 9051 6.3.6). */
final class Rename implements Verb {
    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        Optional<FolderName> from = session.folderName(arguments.astring());
        arguments.space();
        Optional<FolderName> to = session.folderName(arguments.astring());
        arguments.end();
        if (from.isEmpty()) {
            return Reply.no("NONEXISTENT", "There is no such folder.");
        }
        if (to.isEmpty()) {
            return Reply.no("CANNOT", "No folder can have that name");
        }
        return switch (session.mailbox(Operation.FOLDERS).rename(from.get(), to.get())) {
            case Outcome.Done<Folder> _ -> Reply.ok("RENAME completed");
            case Outcome.Deferred<Folder>(var problem) -> Refusals.reply(problem, false);
            case Outcome.Refused<Folder>(var problem) -> Refusals.reply(problem, false);
        };
    }
}
