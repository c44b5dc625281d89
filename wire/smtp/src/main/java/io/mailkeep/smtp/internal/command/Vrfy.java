package io.mailkeep.smtp.internal.command;

import io.mailkeep.kernel.Claim;
import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;

/** VRFY (RFC 5321 3.5.3): the same answer for every name, looked up nowhere ({@code ATK-14}). */
@Claim("ATK-14")
public final class Vrfy implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        if (argument.isEmpty()) {
            return Reply.of(501, "5.5.4", "Say VRFY and a name");
        }
        return Idle.answer(
                conversation, Reply.of(252, "2.5.2", "Not told here; send mail to find out"));
    }
}
