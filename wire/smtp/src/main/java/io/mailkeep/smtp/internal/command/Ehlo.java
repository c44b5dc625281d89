package io.mailkeep.smtp.internal.command;

import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * EHLO (RFC 5321 4.1.1.1), and LHLO in its place (RFC 2033 4.1): begins a session and says what it
 * offers, all of it and no more.
 */
public final class Ehlo implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        if (!GreetingName.valid(argument)) {
            return GreetingName.refusal();
        }
        conversation.greeted(new Conversation.Greeting(argument, true));
        List<String> lines = new ArrayList<>();
        lines.add(conversation.intake().hostName() + " greets you");
        lines.add("PIPELINING");
        lines.add("SIZE " + conversation.intake().limits().messageOctets());
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        lines.add("ENHANCEDSTATUSCODES");
        if (conversation.connection().canStartTls()) {
            lines.add("STARTTLS");
        }
        if (conversation.service().submission() && conversation.connection().secure()) {
            lines.add("AUTH PLAIN");
        }
        return new Reply(250, "", lines);
    }
}
