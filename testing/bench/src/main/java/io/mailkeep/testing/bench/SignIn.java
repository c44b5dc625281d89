package io.mailkeep.testing.bench;

import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;

/** The beginning of every IMAP session. */
final class SignIn {
    private SignIn() {}

    /** The session, signed in. */
    static ImapClient of(ImapClient session, Mailbox mailbox) throws IOException {
        String login = "LOGIN " + mailbox.address() + " " + mailbox.password();
        ImapClient.Answer answer = session.run(login);
        if (!answer.isOk()) {
            session.close();
            throw new IOException("sign-in refused: " + answer.tagged());
        }
        return session;
    }
}
