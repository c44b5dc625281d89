package io.mailkeep.smtp.internal.command;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Problem;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Path;
import io.mailkeep.smtp.internal.Reply;
import java.util.Optional;

/** RCPT (RFC 5321 4.1.1.3): whether a recipient is taken is known here and now, never later. */
@Claim({"ATK-10", "ATK-11", "ATK-12", "ATK-18"})
public final class Rcpt implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        if (conversation.transaction().isEmpty()) {
            return Reply.of(503, "5.5.1", "Say MAIL first");
        }
        Optional<Path> path = Path.parse("TO:", argument);
        if (path.isEmpty()) {
            return Reply.of(501, "5.5.4", "Say RCPT TO:<address>");
        }
        if (!path.get().parameters().isEmpty()) {
            return Reply.of(555, "5.5.4", "There is no such parameter");
        }
        String text = path.get().address();
        if (!conversation.international() && !Mail.ascii(text)) {
            return Reply.of(553, "5.6.7", "Such an address needs SMTPUTF8");
        }
        Optional<Problem> problem;
        if ("postmaster".equalsIgnoreCase(text)) {
            problem = conversation.transaction().get().postmaster();
        } else {
            Optional<EmailAddress> address = EmailAddress.parse(text);
            if (address.isEmpty()) {
                return Reply.of(501, "5.1.3", "That isn't an address");
            }
            problem = conversation.transaction().get().recipient(address.get());
        }
        return problem.map(Reply::of).orElse(Reply.of(250, "2.1.5", "Recipient taken"));
    }
}
