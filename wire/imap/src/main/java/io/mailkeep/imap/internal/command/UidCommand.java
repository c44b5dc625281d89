package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import java.io.IOException;
import java.util.Map;

/** UID (RFC 9051 6.4.9): the commands that name messages by UID. */
final class UidCommand implements Verb {
    private static final Map<String, Verb> VERBS =
            Map.of(
                    "FETCH", new Fetch(true),
                    "STORE", new Store(true),
                    "COPY", new Copy(true, false),
                    "MOVE", new Copy(true, true),
                    "SEARCH", new Search(true),
                    "EXPUNGE", new Expunge(true));

    @Override
    public Stage stage() {
        return Stage.SELECTED;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        Verb verb = VERBS.get(arguments.keyword());
        return verb == null ? Reply.bad("Unknown UID command") : verb.run(session, arguments);
    }
}
