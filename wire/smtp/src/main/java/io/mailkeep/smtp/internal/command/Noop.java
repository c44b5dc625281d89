package io.mailkeep.smtp.internal.command;

import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;

/** NOOP (RFC 5321 4.1.1.9); a parameter is ignored. */
public final class Noop implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        return Idle.answer(conversation, Reply.of(250, "2.0.0", "Yes"));
    }
}
