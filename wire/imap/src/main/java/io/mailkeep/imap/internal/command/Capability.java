package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Capabilities;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import java.io.IOException;

/** CAPABILITY (RFC 9051 6.1.1). */
final class Capability implements Verb {
    @Override
    public Stage stage() {
        return Stage.ANY;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.end();
        session.out().line("* CAPABILITY " + Capabilities.text(session));
        return Reply.ok("CAPABILITY completed");
    }
}
