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

/** DELETE (RFC 9051 6.3.5). */
final class Delete implements Verb {
    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        Optional<FolderName> folder = session.folderName(arguments.astring());
        arguments.end();
        if (folder.isEmpty()) {
            return Reply.no("NONEXISTENT", "There is no such folder.");
        }
        return switch (session.mailbox(Operation.FOLDERS).delete(folder.get())) {
            case Outcome.Done<Folder> _ -> Reply.ok("DELETE completed");
            case Outcome.Deferred<Folder>(var problem) -> Refusals.reply(problem, false);
            case Outcome.Refused<Folder>(var problem) -> Refusals.reply(problem, false);
        };
    }
}
