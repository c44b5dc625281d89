package io.mailkeep.smtp.internal.command;

import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;

/** QUIT (RFC 5321 4.1.1.10). */
public final class Quit implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        if (!argument.isEmpty()) {
            return Reply.of(501, "5.5.4", "QUIT takes no parameters");
        }
        conversation.end();
        return Reply.of(221, "2.0.0", "Goodbye");
    }
}
