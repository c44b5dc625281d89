package io.mailkeep.smtp.internal.command;

import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;

/** HELP (RFC 5321 4.1.1.8). */
public final class Help implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        return Idle.answer(
                conversation,
                Reply.of(214, "2.0.0", "This is SMTP as in RFC 5321: EHLO tells more"));
    }
}
