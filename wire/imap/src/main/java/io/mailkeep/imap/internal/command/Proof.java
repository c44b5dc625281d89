package io.mailkeep.imap.internal.command;

import io.mailkeep.audit.Event;
import io.mailkeep.imap.ImapRooms;
import io.mailkeep.imap.internal.Capabilities;
import io.mailkeep.imap.internal.Login;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.net.PlainMessage;
import io.mailkeep.tickets.ChannelBinding;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a name and password, for LOGIN and AUTHENTICATE alike: refused outside TLS; an unknown
 * name, a wrong password and somebody else's identity look the same; every attempt stands on the
 * audit log ({@code ATK-58}).
 */
@Claim({"NET-1", "ACC-1", "ATK-58"})
final class Proof {
    private final Session session;
    private final String verb;

    Proof(Session session, String verb) {
        this.session = session;
        this.verb = verb;
    }

    /** The refusal of any sign-in outside TLS; empty under TLS. */
    Optional<Reply> refusedInPlain() {
        if (session.connection().secure()) {
            return Optional.empty();
        }
        audit("no TLS");
        session.countSignInFailure();
        return Optional.of(Reply.no("PRIVACYREQUIRED", "Start TLS first"));
    }

    /** Checks what PLAIN carried, and wipes the password. */
    Reply plain(PlainMessage message) {
        try (Secret password = message.password()) {
            if (message.forOneself()) {
                return password(message.name(), password);
            }
            audit("another identity asked for");
            return refused("Wrong name or password");
        }
    }

    /** Checks them; the caller wipes the password. */
    Reply password(String name, Secret password) {
        return refusedInPlain().orElseGet(() -> check(name, password));
    }

    private Reply check(String name, Secret password) {
        ImapRooms rooms = session.rooms();
        ChannelBinding channel = new ChannelBinding(session.connection().channelBinding());
        Outcome<Login> login =
                rooms.signIn()
                        .password(
                                rooms.module().get(),
                                rooms.process(),
                                name,
                                password,
                                channel,
                                session.connection().remoteAddress().getHostAddress())
                        .then(who -> Login.of(rooms, who, channel));
        return switch (login) {
            case Outcome.Done<Login>(Login person) -> welcome(person);
            case Outcome.Deferred<Login>(var problem) -> Reply.no("UNAVAILABLE", problem.text());
            case Outcome.Refused<Login> _ -> refused("Wrong name or password");
        };
    }

    private Reply welcome(Login person) {
        if (!session.signedIn(person)) {
            return Reply.no("LIMIT", "Too many connections of this account; close one first");
        }
        return Reply.ok("CAPABILITY " + Capabilities.text(session), verb + " completed");
    }

    private Reply refused(String text) {
        session.countSignInFailure();
        return Reply.no("AUTHENTICATIONFAILED", text);
    }

    private void audit(String reason) {
        session.rooms()
                .trail()
                .record(
                        Event.refused(
                                EventType.SIGN_IN,
                                Event.INSTALLATION,
                                "module:imap",
                                "password",
                                Map.of("reason", reason, "verb", verb)));
    }
}
