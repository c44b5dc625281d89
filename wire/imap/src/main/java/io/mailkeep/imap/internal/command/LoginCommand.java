package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** LOGIN (RFC 9051 6.2.3), under TLS only. */
final class LoginCommand implements Verb {
    @Override
    public Stage stage() {
        return Stage.BEFORE_SIGN_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        String name = new String(arguments.astringBytes(), StandardCharsets.UTF_8);
        arguments.space();
        try (Secret password = Secret.owning(arguments.astringBytes())) {
            arguments.end();
            return new Proof(session, "LOGIN").password(name, password);
        }
    }
}
