package io.mailkeep.smtp.internal.command;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Path;
import io.mailkeep.smtp.internal.Reply;
import io.mailkeep.transport.Arrival;
import io.mailkeep.transport.Transaction;
import java.util.Map;
import java.util.Optional;

/**
 * MAIL (RFC 5321 4.1.1.2) with SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531) and, where
 * people sign in, AUTH, which is read and trusted in nothing (RFC 4954 5; {@code ATK-14}).
 */
@Claim({"ATK-11", "ATK-13", "ATK-14"})
public final class Mail implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) {
        Optional<Reply> outOfPlace = outOfPlace(conversation);
        if (outOfPlace.isPresent()) {
            return outOfPlace.get();
        }
        Optional<Path> path = Path.parse("FROM:", argument);
        if (path.isEmpty()) {
            return Reply.of(501, "5.5.4", "Say MAIL FROM:<address>");
        }
        Optional<Reply> bad = parameters(conversation, path.get().parameters());
        if (bad.isPresent()) {
            return bad.get();
        }
        Optional<EmailAddress> sender = Optional.empty();
        if (!path.get().address().isEmpty()) {
            sender = EmailAddress.parse(path.get().address());
            if (sender.isEmpty()) {
                return Reply.of(501, "5.1.7", "That isn't an address");
            }
        }
        boolean utf8 = path.get().parameters().containsKey("SMTPUTF8");
        if (!utf8 && !ascii(path.get().address())) {
            return Reply.of(553, "5.6.7", "Such an address needs SMTPUTF8");
        }
        return switch (conversation.intake().begin(conversation.origin(utf8), sender)) {
            case Outcome.Done<Transaction>(Transaction transaction) -> {
                conversation.begin(transaction, utf8);
                yield Reply.of(250, "2.1.0", "Sender taken");
            }
            case Outcome.Deferred<Transaction>(Problem problem) -> Reply.of(problem);
            case Outcome.Refused<Transaction>(Problem problem) -> Reply.of(problem);
        };
    }

    /** Every character is of ASCII. */
    static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static Optional<Reply> outOfPlace(Conversation conversation) {
        if (conversation.greeting().isEmpty()) {
            return Optional.of(
                    Reply.of(503, "5.5.1", "Say " + conversation.service().hello() + " first"));
        }
        if (conversation.transaction().isPresent()) {
            return Optional.of(
                    Reply.of(503, "5.5.1", "A mail transaction is under way: RSET ends it"));
        }
        if (conversation.service().submission() && !conversation.connection().secure()) {
            return Optional.of(Reply.of(530, "5.7.0", "Say STARTTLS first"));
        }
        // so nobody signs in within a transaction, either (RFC 4954 4)
        if (conversation.service().submission() && conversation.submitter().isEmpty()) {
            return Optional.of(Reply.of(530, "5.7.0", "Sign in first"));
        }
        return Optional.empty();
    }

    private static Optional<Reply> parameters(
            Conversation conversation, Map<String, Optional<String>> parameters) {
        if (!parameters.isEmpty()
                && conversation.greeting().filter(Conversation.Greeting::extended).isEmpty()) {
            return Optional.of(Reply.of(555, "5.5.4", "Parameters need EHLO"));
        }
        for (Map.Entry<String, Optional<String>> one : parameters.entrySet()) {
            String value = one.getValue().orElse("");
            Optional<Reply> bad =
                    switch (one.getKey()) {
                        case "SIZE" -> size(value, conversation.intake().limits().messageOctets());
                        case "BODY" ->
                                value.equalsIgnoreCase("7BIT") || value.equalsIgnoreCase("8BITMIME")
                                        ? Optional.empty()
                                        : Optional.of(
                                                Reply.of(501, "5.5.4", "BODY is 7BIT or 8BITMIME"));
                        case "SMTPUTF8" ->
                                value.isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(
                                                Reply.of(501, "5.5.4", "SMTPUTF8 takes no value"));
                        case "AUTH" ->
                                conversation.service().submission() && !value.isEmpty()
                                        ? Optional.empty()
                                        : unknown();
                        default -> unknown();
                    };
            if (bad.isPresent()) {
                return bad;
            }
        }
        return Optional.empty();
    }

    private static Optional<Reply> unknown() {
        return Optional.of(Reply.of(555, "5.5.4", "There is no such parameter"));
    }

    /** RFC 1870 6.1: up to twenty digits. */
    private static Optional<Reply> size(String value, long most) {
        if (!value.matches("[0-9]{1,20}")) {
            return Optional.of(Reply.of(501, "5.5.4", "SIZE is a number of octets"));
        }
        boolean tooLarge = value.length() > 18 || Long.parseLong(value) > most;
        return tooLarge ? Optional.of(Reply.of(Arrival.tooLarge(most))) : Optional.empty();
    }
}
