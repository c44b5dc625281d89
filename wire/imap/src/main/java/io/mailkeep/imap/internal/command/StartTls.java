package io.mailkeep.imap.internal.command;

import io.mailkeep.audit.Event;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.net.Connection;
import java.io.IOException;
import java.util.Map;

/**
 * STARTTLS (RFC 9051 6.2.1). Plain text that came after it is thrown away, never obeyed, and told
 * to the audit log ({@code ATK-04}).
 */
@Claim({"NET-1", "ATK-04"})
final class StartTls implements Verb {
    @Override
    public Stage stage() {
        return Stage.BEFORE_SIGN_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.end();
        Connection connection = session.connection();
        if (!connection.canStartTls()) {
            return Reply.bad("TLS is running already, or not to be had here");
        }
        session.out().flush();
        connection.startTls(session.tag() + " OK Begin TLS negotiation now\r\n");
        session.startOver();
        if (connection.droppedPlaintext() > 0) {
            session.rooms()
                    .trail()
                    .record(
                            Event.refused(
                                    EventType.TLS_INJECTION,
                                    Event.INSTALLATION,
                                    "module:imap",
                                    "starttls",
                                    Map.of(
                                            "octets",
                                            Long.toString(connection.droppedPlaintext()))));
        }
        return Reply.silent();
    }
}
