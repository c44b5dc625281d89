package io.mailkeep.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.imap.ImapLimits;
import io.mailkeep.imap.internal.CommandReader.Command;
import io.mailkeep.imap.internal.CommandReader.Gone;
import io.mailkeep.imap.internal.CommandReader.Received;
import io.mailkeep.imap.internal.CommandReader.Unreadable;
import io.mailkeep.kernel.Claim;
import io.mailkeep.net.Connection;
import io.mailkeep.net.Fed;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Commands with their literals, and the arguments of those that have a grammar: the same however
 * the octets come, refused in the one declared way, and what is said back is the server's own
 * words. Bit 7 of the first octet says whether somebody is signed in, the rest how many octets come
 * at a time.
 */
@Claim({"ATK-48", "ATK-49", "ATK-50", "ATK-51"})
class CommandFuzzTest implements FuzzTarget {
    private static final ImapLimits LIMITS = ImapLimits.standard();

    @Override
    public void one(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        boolean signedIn = input[0] < 0;
        byte[] octets = Arrays.copyOfRange(input, 1, input.length);
        List<String> whole = session(octets, octets.length + 1, signedIn);
        assertThat(session(octets, 1 + (input[0] & 0x3F), signedIn)).isEqualTo(whole);
        assertThat(whole.size()).isLessThanOrEqualTo(octets.length + 2);
    }

    /** What was read, and at last what was said. */
    private static List<String> session(byte[] octets, int piece, boolean signedIn)
            throws IOException {
        Fed fed = new Fed(octets, piece);
        Connection connection = fed.connection;
        ResponseWriter out = new ResponseWriter(new ConnectionStream(connection));
        CommandReader reader = new CommandReader(connection, out, LIMITS);
        List<String> seen = new ArrayList<>();
        boolean on = true;
        while (on) {
            try {
                Received received =
                        reader.command(connection.readLine(reader.lineOctets(signedIn)), signedIn);
                on = look(received, seen, connection);
            } catch (EOFException withinLiteral) {
                seen.add("left");
                on = false;
            }
        }
        String said = new String(fed.written(), StandardCharsets.ISO_8859_1);
        assertThat(said.replace("+ Ready for literal\r\n", "")).isEmpty();
        seen.add(said);
        return seen;
    }

    private static boolean look(Received received, List<String> seen, Connection connection)
            throws IOException {
        return switch (received) {
            case Gone() -> {
                seen.add("gone");
                yield false;
            }
            case Unreadable(String tag, Reply reply, boolean last) -> {
                tag(tag);
                seen.add(tag + reply.text() + last);
                yield !last;
            }
            case Command command -> {
                tag(command.tag());
                assertThat(command.verb()).matches("[A-Z0-9._=-]+");
                seen.add(command.tag() + command.verb() + arguments(command));
                long message = command.message().map(CommandReader.Announced::octets).orElse(0L);
                if (message > 10_000) {
                    yield false;
                }
                connection.literal(message).readAllBytes();
                yield true;
            }
        };
    }

    private static void tag(String tag) {
        assertThat(tag).matches("[!-~]{1,256}").doesNotContain("+", "(", ")", "{", "%", "\\", "\"");
    }

    /** The arguments as they were understood; a refusal is {@link BadCommand} and no other. */
    private static String arguments(Command command) {
        Tokens tokens = command.arguments();
        try {
            return switch (command.verb()) {
                case "FETCH" -> {
                    tokens.space();
                    SequenceSet set = SequenceSet.parse(tokens, LIMITS.ranges());
                    tokens.space();
                    List<FetchItem> items = FetchItem.parse(tokens, LIMITS);
                    assertThat(items).isNotEmpty().hasSizeLessThanOrEqualTo(LIMITS.fetchItems());
                    tokens.end();
                    yield set.merged(7) + items.toString();
                }
                case "SEARCH" -> {
                    tokens.space();
                    yield new SearchParser(tokens, LIMITS).program().toString();
                }
                case "STORE" -> {
                    tokens.space();
                    yield FlagList.parseForStore(tokens, LIMITS.keywords()).toString();
                }
                case "LOGIN" -> {
                    tokens.space();
                    String name = tokens.astring();
                    tokens.space();
                    byte[] secret = tokens.astringBytes();
                    tokens.end();
                    yield name + secret.length;
                }
                case "LIST" -> {
                    tokens.space();
                    String reference = tokens.astring();
                    tokens.space();
                    ListPattern pattern = ListPattern.of(tokens.pattern());
                    yield reference + pattern.matches("INBOX") + pattern.matches("a/b");
                }
                case "APPEND" -> {
                    tokens.space();
                    yield tokens.astring();
                }
                case String _ -> "";
            };
        } catch (BadCommand refused) {
            assertThat(refused.text()).matches("[ -~]{1,200}");
            return refused.text();
        }
    }
}
