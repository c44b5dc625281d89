package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.BadCommand;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.net.Line;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
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
        return message(response)
                .map(fields -> answer(proof, fields))
                .orElseGet(() -> Reply.bad("Malformed PLAIN message"));
    }

    private static Reply answer(Proof proof, byte[][] fields) {
        return proof.password(fields[0], fields[1], fields[2]);
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

    /** {@code [authzid] NUL authcid NUL passwd}; no further NUL ({@code ATK-58}). */
    private static Optional<byte[][]> message(String base64) {
        byte[] all;
        try {
            all = base64.equals("=") ? new byte[0] : Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        int first = indexOfNul(all, 0);
        int second = first < 0 ? -1 : indexOfNul(all, first + 1);
        if (second < 0 || indexOfNul(all, second + 1) >= 0) {
            return Optional.empty();
        }
        byte[][] fields = {
            Arrays.copyOf(all, first),
            Arrays.copyOfRange(all, first + 1, second),
            Arrays.copyOfRange(all, second + 1, all.length)
        };
        Arrays.fill(all, (byte) 0);
        return Optional.of(fields);
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
