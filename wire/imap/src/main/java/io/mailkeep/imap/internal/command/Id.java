package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import java.io.IOException;

/** ID (RFC 2971): says the product's name, and nothing that would tell one node from another. */
final class Id implements Verb {
    private static final int FIELDS_MAX = 30;

    @Override
    public Stage stage() {
        return Stage.ANY;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        if (!arguments.take("NIL")) {
            arguments.list(2 * FIELDS_MAX, true, () -> nstring(arguments));
        }
        arguments.end();
        session.out().line("* ID (\"name\" \"Mailkeep\")");
        return Reply.ok("ID completed");
    }

    private static boolean nstring(Tokens arguments) {
        return arguments.take("NIL") || !arguments.string().isEmpty();
    }
}
