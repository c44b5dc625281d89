package io.mailkeep.smtp.internal.command;

import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;

/** HELP (RFC 5321 4.1.1.8). */
public final class Help implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        String told =
                conversation.service().lmtp()
                        ? "This is LMTP as in RFC 2033: LHLO tells more"
                        : "This is SMTP as in RFC 5321: EHLO tells more";
        return Idle.answer(conversation, Reply.of(214, "2.0.0", told));
    }
}
