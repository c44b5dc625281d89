package io.mailkeep.smtp.internal.command;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Secret;
import io.mailkeep.net.Line;
import io.mailkeep.net.PlainMessage;
import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.Reply;
import io.mailkeep.transport.Submitter;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** AUTH (RFC 4954) with PLAIN (RFC 4616): through TLS only, on submission only. */
@Claim({"NET-1", "ATK-68"})
public final class Auth implements Command {
    @Override
    public Reply run(Conversation conversation, String argument) throws IOException {
        Optional<Reply> outOfPlace = outOfPlace(conversation);
        if (outOfPlace.isPresent()) {
            return outOfPlace.get();
        }
        int space = argument.indexOf(' ');
        String mechanism = space < 0 ? argument : argument.substring(0, space);
        if (!"PLAIN".equals(mechanism.toUpperCase(Locale.ROOT))) {
            return Reply.of(504, "5.5.4", "The mechanism is PLAIN, and no other");
        }
        if (space >= 0) {
            return check(conversation, argument.substring(space + 1).strip());
        }
        conversation.send(Reply.plain(334, ""));
        Line answer = conversation.connection().readLine(conversation.limits().authOctets());
        return switch (answer) {
            case Line.Text text ->
                    "*".equals(text.octets())
                            ? Reply.of(501, "5.7.0", "Sign-in cancelled")
                            : check(conversation, text.octets());
            case Line.TooLong() -> Reply.of(500, "5.5.6", "The line is too long");
            case Line.Malformed(Line.Flaw _, boolean inStep) -> {
                if (!inStep) {
                    conversation.end();
                }
                yield malformed();
            }
            case Line.End() -> {
                conversation.end();
                yield Reply.of(421, "4.4.2", "The connection ended within a sign-in");
            }
        };
    }

    private static Optional<Reply> outOfPlace(Conversation conversation) {
        if (!conversation.service().submission()) {
            return Optional.of(Reply.of(502, "5.5.1", "Nobody signs in here"));
        }
        if (conversation.greeting().filter(Conversation.Greeting::extended).isEmpty()) {
            return Optional.of(
                    Reply.of(503, "5.5.1", "Say " + conversation.service().hello() + " first"));
        }
        if (!conversation.connection().secure()) {
            return Optional.of(Reply.of(538, "5.7.11", "Signing in needs TLS: say STARTTLS first"));
        }
        if (conversation.submitter().isPresent()) {
            return Optional.of(Reply.of(503, "5.5.1", "You are signed in already"));
        }
        return Optional.empty();
    }

    private static Reply check(Conversation conversation, String base64) {
        Optional<PlainMessage> message = PlainMessage.decode(base64);
        if (message.isEmpty()) {
            return malformed();
        }
        try (Secret password = message.get().password()) {
            if (!message.get().forOneself()) {
                return failed(
                        conversation, Reply.of(535, "5.7.8", "You can sign in as yourself only"));
            }
            return switch (conversation
                    .passwords()
                    .check(
                            message.get().name(),
                            password,
                            conversation.connection().channelBinding(),
                            conversation.connection().remoteAddress())) {
                case Outcome.Done<Submitter>(Submitter person) -> {
                    conversation.signedIn(person);
                    yield Reply.of(235, "2.7.0", "You are signed in");
                }
                case Outcome.Deferred<Submitter>(Problem problem) ->
                        Reply.of(454, "4.7.0", problem.text());
                case Outcome.Refused<Submitter>(Problem _) ->
                        failed(conversation, Reply.of(535, "5.7.8", "Wrong name or password"));
            };
        }
    }

    private static Reply failed(Conversation conversation, Reply reply) {
        if (conversation.signInFailed()) {
            conversation.end();
            return Reply.of(421, "4.7.0", "Too many failed sign-ins; closing connection");
        }
        return reply;
    }

    private static Reply malformed() {
        return Reply.of(501, "5.5.2", "That isn't base64 of a PLAIN message (RFC 4616)");
    }
}
