package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import java.io.IOException;

/** NOOP (RFC 9051 6.1.2): tells what changed. */
final class Noop implements Verb {
    @Override
    public Stage stage() {
        return Stage.ANY;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.end();
        session.tellChanges(true, true);
        return Reply.ok("NOOP completed");
    }
}
