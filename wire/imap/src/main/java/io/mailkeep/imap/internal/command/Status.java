package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** STATUS (RFC 9051 6.3.11). */
final class Status implements Verb {
    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        Optional<FolderName> name = session.folderName(arguments.astring());
        arguments.space();
        Set<StatusItem> items = StatusItem.parse(arguments);
        arguments.end();
        Mailbox mailbox = session.mailbox(Operation.READ);
        Optional<Folder> folder = name.flatMap(mailbox::folder);
        boolean told =
                folder.isPresent() && StatusItem.write(session, mailbox, folder.get(), items);
        return told
                ? Reply.ok("STATUS completed")
                : Reply.no("NONEXISTENT", "There is no such folder.");
    }
}
