package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import java.io.IOException;

/** NAMESPACE (RFC 9051 6.3.10): one's own folders, and nobody else's. */
final class Namespace implements Verb {
    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.end();
        session.out().line("* NAMESPACE ((\"\" \"/\")) NIL NIL");
        return Reply.ok("NAMESPACE completed");
    }
}
