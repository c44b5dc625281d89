package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.BadCommand;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.net.Line;
import io.mailkeep.net.PlainMessage;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;

/** AUTHENTICATE PLAIN (RFC 9051 6.2.2, RFC 4616), with initial response (RFC 4959). */
final class Authenticate implements Verb {
    @Override
    public Stage stage() {
        return Stage.BEFORE_SIGN_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        String mechanism = arguments.keyword();
        Optional<String> initial = Optional.empty();
        if (arguments.take(' ')) {
            initial = Optional.of(base64(arguments));
        }
        arguments.end();
        Proof proof = new Proof(session, "AUTHENTICATE");
        if (!mechanism.equals("PLAIN")) {
            return Reply.no("CANNOT", "Only PLAIN is offered");
        }
        Optional<Reply> plain = proof.refusedInPlain();
        if (plain.isPresent()) {
            return plain.get();
        }
        String response = initial.isPresent() ? initial.get() : asked(session);
        if (response.equals("*")) {
            return Reply.bad("AUTHENTICATE cancelled");
        }
        return PlainMessage.decode(response)
                .map(proof::plain)
                .orElseGet(() -> Reply.bad("Malformed PLAIN message"));
    }

    private static String base64(Tokens arguments) {
        StringBuilder text = new StringBuilder();
        while (!arguments.atEnd()) {
            text.append(arguments.base64Character());
        }
        return text.toString();
    }

    private static String asked(Session session) throws IOException {
        session.out().line("+ ");
        session.out().flush();
        Line line = session.connection().readLine(session.limits().earlyLineOctets());
        return switch (line) {
            case Line.Text text -> text.octets();
            case Line.TooLong _ -> throw new BadCommand("Response is too long");
            case Line.Malformed _ -> throw new BadCommand("Malformed response");
            case Line.End _ -> throw new EOFException("client left");
        };
    }
}
