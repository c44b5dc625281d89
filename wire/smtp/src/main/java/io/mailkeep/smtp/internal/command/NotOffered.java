package io.mailkeep.smtp.internal.command;

import io.mailkeep.kernel.Claim;
import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;

/** Verbs that exist elsewhere and not here ({@code ATK-14}). */
@Claim("ATK-14")
public final class NotOffered implements Command {
    private final boolean dataFollows;

    /**
     * @param dataFollows what comes next isn't a command, so the session has to end
     */
    public NotOffered(boolean dataFollows) {
        this.dataFollows = dataFollows;
    }

    @Override
    public Reply run(Conversation conversation, String argument) {
        if (dataFollows) {
            conversation.end();
        }
        return Reply.of(502, "5.5.1", "Not offered here");
    }
}
