package io.mailkeep.smtp.internal.command;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.net.Connection;
import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;
import java.io.IOException;
import java.util.Map;

/**
 * STARTTLS (RFC 3207). The session begins anew; commands that came along in plain text are thrown
 * away unread and told to the audit log ({@code ATK-04}).
 */
@Claim({"NET-1", "ATK-04"})
public final class StartTls implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) throws IOException {
        Connection connection = conversation.connection();
        if (!argument.isEmpty()) {
            return Reply.of(501, "5.5.4", "STARTTLS takes no parameters");
        }
        if (connection.secure()) {
            return Reply.of(503, "5.5.1", "TLS is running already");
        }
        if (!connection.canStartTls()) {
            return Reply.of(502, "5.5.1", "TLS isn't offered here");
        }
        if (conversation.greeting().isEmpty()) {
            return Reply.of(503, "5.5.1", "Say " + conversation.service().hello() + " first");
        }
        try {
            connection.startTls(Reply.of(220, "2.0.0", "Go ahead").text());
        } finally {
            if (connection.droppedPlaintext() > 0) {
                conversation
                        .intake()
                        .refused(
                                EventType.TLS_INJECTION,
                                conversation.origin(false),
                                "plain text before the TLS handshake",
                                Map.of("octets", Long.toString(connection.droppedPlaintext())));
            }
        }
        conversation.startOver();
        return Reply.NONE;
    }
}
