package io.mailkeep.smtp.internal.command;

import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;

/** Commands that bring no message forward are welcome, within measure. */
final class Idle {
    private Idle() {}

    static Reply answer(Conversation conversation, Reply reply) {
        if (conversation.idled()) {
            conversation.end();
            return Reply.of(
                    421, "4.7.0", "Too many commands without a message; closing connection");
        }
        return reply;
    }
}
