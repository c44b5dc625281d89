package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import java.io.IOException;

/** CHECK (RFC 3501 6.4.1): everything is durable before its command is answered anyway. */
final class Check implements Verb {
    @Override
    public Stage stage() {
        return Stage.SELECTED;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.end();
        session.tellChanges(true, true);
        return Reply.ok("CHECK completed");
    }
}
