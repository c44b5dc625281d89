package io.mailkeep.imap.internal;

import io.mailkeep.imap.ImapLimits;
import io.mailkeep.kernel.Claim;
import io.mailkeep.net.Connection;
import io.mailkeep.net.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one command at a time with its literals (RFC 9051 4.3, RFC 7888) within the limits; nothing
 * is allocated by an announced size that wasn't checked ({@code ATK-48}). The message of APPEND
 * isn't read here: the command asks for it.
 */
@Claim({"ATK-48", "ATK-49"})
public final class CommandReader {
    private static final Pattern ANNOUNCED = Pattern.compile("(~?)\\{([0-9]{1,40})(\\+?)}$");
    private static final Pattern MESSAGE_OF_APPEND =
            Pattern.compile("^\\S+ APPEND \\S.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final int ANNOUNCEMENT_MAX = 48;

    private final Connection connection;
    private final ResponseWriter out;
    private final ImapLimits limits;

    CommandReader(Connection connection, ResponseWriter out, ImapLimits limits) {
        this.connection = connection;
        this.out = out;
        this.limits = limits;
    }

    /** What a client sent. */
    sealed interface Received {}

    /** A command to be run. */
    record Command(String tag, String verb, Tokens arguments, Optional<Announced> message)
            implements Received {}

    /**
     * Something that can't be run.
     *
     * @param tag {@code *} if it couldn't be read
     * @param last nobody can say where the next command begins: the connection ends
     */
    record Unreadable(String tag, Reply reply, boolean last) implements Received {}

    /** The client has gone. */
    record Gone() implements Received {}

    /**
     * A literal that is announced at the end of a line.
     *
     * @param sync the client waits to be asked for it
     */
    public record Announced(boolean binary, long octets, boolean sync) {}

    /** Goes on with a command whose first line was read. */
    Received command(Line first, boolean signedIn) throws IOException {
        List<byte[]> pieces = new ArrayList<>();
        long total = 0;
        Line line = first;
        while (true) {
            if (!(line instanceof Line.Text(byte[] text))) {
                return malformed(tag(pieces), line);
            }
            total += text.length;
            Optional<Announced> announced = announced(text);
            byte[] clean = announced.isPresent() ? withoutAnnouncement(text) : text;
            pieces.add(clean);
            if (total > most(signedIn)) {
                return tooBig(pieces, announced);
            }
            if (announced.isEmpty()) {
                return whole(pieces, Optional.empty());
            }
            Announced literal = announced.get();
            if (signedIn && isMessage(pieces)) {
                return whole(pieces, announced);
            }
            long room = most(signedIn) - total;
            boolean fits =
                    literal.octets() <= room
                            && pieces.size() / 2 < limits.literals()
                            && !literal.binary()
                            && (signedIn || literal.octets() <= limits.earlyLiteralOctets());
            boolean lawful = literal.sync() || literal.octets() <= limits.nonSyncLiteralOctets();
            if (!fits || !lawful) {
                return tooBig(pieces, announced);
            }
            if (literal.sync()) {
                out.line("+ Ready for literal");
                out.flush();
            }
            connection.phase(limits.argumentTime(), limits.commandTime());
            pieces.add(connection.literal(literal.octets()).readNBytes((int) literal.octets()));
            total += literal.octets();
            line = connection.readLine(lineOctets(signedIn));
        }
    }

    int lineOctets(boolean signedIn) {
        return signedIn ? limits.lineOctets() : limits.earlyLineOctets();
    }

    private int most(boolean signedIn) {
        return signedIn ? limits.commandOctets() : limits.earlyCommandOctets();
    }

    /**
     * Refuses a literal: a client that waits to be asked for it is simply not asked; one that
     * doesn't wait has sent it already, and where it ends is only its word (RFC 7888 4).
     */
    private static Received tooBig(List<byte[]> pieces, Optional<Announced> announced) {
        boolean inStep = announced.map(Announced::sync).orElse(true);
        Reply reply = new Reply(Reply.Status.BAD, "TOOBIG", "Command or literal is too large");
        return new Unreadable(tag(pieces), reply, !inStep);
    }

    private static Received malformed(String tag, Line line) {
        return switch (line) {
            case Line.End _ -> new Gone();
            case Line.TooLong _ -> new Unreadable(tag, Reply.bad("Line is too long"), false);
            case Line.Malformed(Line.Flaw flaw, boolean inStep) ->
                    new Unreadable(
                            tag,
                            Reply.bad(
                                    switch (flaw) {
                                        case NUL -> "NUL is not allowed in a command";
                                        case BARE_CR -> "CR without LF in a command";
                                        case BARE_LF -> "Lines end with CRLF, not with LF";
                                    }),
                            !inStep);
            case Line.Text _ -> throw new IllegalStateException("text is not malformed");
        };
    }

    private static Received whole(List<byte[]> pieces, Optional<Announced> message) {
        Tokens tokens = new Tokens(pieces);
        String tag = "*";
        try {
            tag = tokens.tag();
            tokens.space();
            return new Command(tag, tokens.keyword(), tokens, message);
        } catch (BadCommand malformed) {
            boolean waits = message.map(Announced::sync).orElse(true);
            return new Unreadable(tag, Reply.bad("No tag or no command"), !waits);
        }
    }

    private static String tag(List<byte[]> pieces) {
        if (pieces.isEmpty()) {
            return "*";
        }
        try {
            return new Tokens(pieces).tag();
        } catch (BadCommand none) {
            return "*";
        }
    }

    /** The message is APPEND's last literal; one right after the verb is the folder's name. */
    private static boolean isMessage(List<byte[]> pieces) {
        byte[] start = pieces.getFirst();
        int length = Math.min(start.length, 300);
        String text = new String(start, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1);
        String head = text.toUpperCase(Locale.ROOT);
        return pieces.size() > 1
                ? head.matches("^\\S+ APPEND $")
                : MESSAGE_OF_APPEND.matcher(text).matches();
    }

    private static Matcher matcher(byte[] text) {
        int from = Math.max(0, text.length - ANNOUNCEMENT_MAX);
        return ANNOUNCED.matcher(
                new String(
                        text,
                        from,
                        text.length - from,
                        java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    static Optional<Announced> announced(byte[] text) {
        if (text.length == 0 || text[text.length - 1] != '}') {
            return Optional.empty();
        }
        Matcher found = matcher(text);
        if (!found.find()) {
            return Optional.empty();
        }
        String digits = found.group(2);
        long octets = Long.MAX_VALUE;
        if (digits.length() <= 18) {
            octets = Long.parseLong(digits);
        }
        return Optional.of(
                new Announced(!found.group(1).isEmpty(), octets, found.group(3).isEmpty()));
    }

    private static byte[] withoutAnnouncement(byte[] text) {
        Matcher found = matcher(text);
        int cut = found.find() ? found.end() - found.start() : 0;
        return Arrays.copyOf(text, text.length - cut);
    }
}
