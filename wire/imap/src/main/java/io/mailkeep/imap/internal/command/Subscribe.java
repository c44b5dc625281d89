package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Refusals;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Optional;

/**
 * SUBSCRIBE and UNSUBSCRIBE (RFC 9051 6.3.7, 6.3.8): to folders that are there, from any name. A
 * subscription outlives its folder.
 */
final class Subscribe implements Verb {
    private final boolean subscribes;

    Subscribe(boolean subscribes) {
        this.subscribes = subscribes;
    }

    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        Optional<FolderName> folder = session.folderName(arguments.astring());
        arguments.end();
        if (folder.isEmpty() && !subscribes) {
            // Nobody can be subscribed to what no folder can be called.
            return Reply.ok("UNSUBSCRIBE completed");
        }
        if (folder.isEmpty()) {
            return Reply.no("NONEXISTENT", "There is no such folder.");
        }
        return switch (session.mailbox(Operation.FOLDERS).subscribe(folder.get(), subscribes)) {
            case Outcome.Done<FolderName> _ ->
                    Reply.ok(subscribes ? "SUBSCRIBE completed" : "UNSUBSCRIBE completed");
            case Outcome.Deferred<FolderName>(var problem) -> Refusals.reply(problem, false);
            case Outcome.Refused<FolderName>(var problem) -> Refusals.reply(problem, false);
        };
    }
}
