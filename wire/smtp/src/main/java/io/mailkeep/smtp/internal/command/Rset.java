package io.mailkeep.smtp.internal.command;

import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;

/** RSET (RFC 5321 4.1.1.5). */
public final class Rset implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        if (!argument.isEmpty()) {
            return Reply.of(501, "5.5.4", "RSET takes no parameters");
        }
        conversation.reset();
        return Idle.answer(conversation, Reply.of(250, "2.0.0", "Forgotten"));
    }
}
