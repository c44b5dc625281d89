package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Selected;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Optional;

/** CLOSE and UNSELECT (RFC 9051 6.4.1, 6.4.2): without telling which messages went. */
final class Close implements Verb {
    private final boolean expunges;

    Close(boolean expunges) {
        this.expunges = expunges;
    }

    @Override
    public Stage stage() {
        return Stage.SELECTED;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.end();
        Selected selected = session.selected();
        if (expunges && !selected.readOnly()) {
            // RFC 4314 4: without the right to expunge, CLOSE closes.
            session.mailboxIfAllowed(Operation.EXPUNGE)
                    .ifPresent(mailbox -> mailbox.expunge(selected.folder(), Optional.empty()));
        }
        session.unselect();
        return Reply.ok(expunges ? "CLOSE completed" : "UNSELECT completed");
    }
}
