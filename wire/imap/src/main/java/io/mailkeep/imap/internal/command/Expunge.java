package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Selected;
import io.mailkeep.imap.internal.SequenceSet;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Uid;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/** EXPUNGE (RFC 9051 6.4.3) and UID EXPUNGE (6.4.9). */
final class Expunge implements Verb {
    private final boolean byUid;

    Expunge(boolean byUid) {
        this.byUid = byUid;
    }

    @Override
    public Stage stage() {
        return Stage.SELECTED;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        Selected selected = session.selected();
        Optional<Collection<Uid>> only = Optional.empty();
        if (byUid) {
            arguments.space();
            SequenceSet set = SequenceSet.parse(arguments, session.limits().ranges());
            only = Optional.of(selected.uids(set, true));
        }
        arguments.end();
        if (selected.readOnly()) {
            return Reply.no("NOPERM", "The folder was opened read-only");
        }
        session.mailbox(Operation.EXPUNGE).expunge(selected.folder(), only);
        session.tellChanges(true, true);
        return Reply.ok("EXPUNGE completed");
    }
}
