package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import java.io.IOException;

/** LOGOUT (RFC 9051 6.1.3). */
final class Logout implements Verb {
    @Override
    public Stage stage() {
        return Stage.ANY;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.end();
        session.unselect();
        session.bye("Goodbye");
        return Reply.ok("LOGOUT completed");
    }
}
