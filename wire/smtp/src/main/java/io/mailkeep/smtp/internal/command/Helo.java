package io.mailkeep.smtp.internal.command;

import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;

/** HELO (RFC 5321 4.1.1.1): begins a session without extensions. */
public final class Helo implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        if (!GreetingName.valid(argument)) {
            return GreetingName.refusal();
        }
        conversation.greeted(new Conversation.Greeting(argument, false));
        return Reply.plain(250, conversation.intake().hostName());
    }
}
