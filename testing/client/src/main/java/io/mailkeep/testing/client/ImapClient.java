package io.mailkeep.testing.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * Speaks IMAP so that a test reads like the dialogue: {@link #run} gives a command a tag, answers
 * the server's requests for literals, and hands back everything up to the tagged answer.
 * Certificate and host name are always checked.
 */
public final class ImapClient implements AutoCloseable {
    private final Dialogue wire;
    private final String greeting;
    private int commands;

    private ImapClient(Dialogue wire) throws IOException {
        this.wire = wire;
        this.greeting = response();
    }

    /** Connects without TLS and reads the greeting. */
    public static ImapClient plain(String host, int port) throws IOException {
        return new ImapClient(Dialogue.plain(host, port));
    }

    /** Connects with TLS from the first octet, and reads the greeting. */
    public static ImapClient tls(String host, int port, SSLContext trust) throws IOException {
        return new ImapClient(Dialogue.implicit(host, port, trust));
    }

    /** What the server said first. */
    public String greeting() {
        return greeting;
    }

    /** STARTTLS, then TLS. */
    public Answer startTls(SSLContext trust) throws IOException {
        Answer answer = run("STARTTLS");
        if (answer.isOk()) {
            secure(trust);
        }
        return answer;
    }

    /** TLS from here on, whatever was said before. */
    public void secure(SSLContext trust) throws IOException {
        wire.secure(trust);
    }

    /** The answer to one command; untagged responses with their literals in them. */
    public record Answer(String tag, List<String> untagged, String tagged) {
        public Answer {
            untagged = List.copyOf(untagged);
        }

        /** Whether it ended with OK. */
        public boolean isOk() {
            return tagged.startsWith("OK");
        }

        /** Everything as one text, a line a response, tagged last without its tag. */
        public String text() {
            List<String> all = new ArrayList<>(untagged);
            all.add(tagged);
            return String.join("\n", all);
        }

        /** The untagged responses that contain this. */
        public List<String> with(String part) {
            return untagged.stream().filter(one -> one.contains(part)).toList();
        }
    }

    /**
     * Gives a command and reads its answer.
     *
     * @param parts the command without tag and CRLF, where {@code {n}} ends a part the next one is
     *     sent once the server asks for it
     */
    public Answer run(String... parts) throws IOException {
        String tag = tag();
        List<String> untagged = new ArrayList<>();
        send(tag + " " + parts[0] + "\r\n");
        for (int i = 1; i < parts.length; i++) {
            String asked = response();
            while (asked.startsWith("* ")) {
                untagged.add(asked);
                asked = response();
            }
            if (!asked.startsWith("+")) {
                return new Answer(tag, untagged, withoutTag(tag, asked));
            }
            send(parts[i] + "\r\n");
        }
        return answer(tag, untagged);
    }

    /** Appends a message. */
    public Answer append(String folder, String flags, String message) throws IOException {
        int octets = message.getBytes(StandardCharsets.UTF_8).length;
        return run("APPEND " + folder + " " + flags + "{" + octets + "}", message);
    }

    /** A tag of its own, for commands sent by hand. */
    public String tag() {
        return "a" + ++commands;
    }

    /** Reads everything up to this tag's answer. */
    public Answer answer(String tag) throws IOException {
        return answer(tag, new ArrayList<>());
    }

    private Answer answer(String tag, List<String> untagged) throws IOException {
        while (true) {
            String response = response();
            if (response.startsWith(tag + " ")) {
                return new Answer(tag, untagged, withoutTag(tag, response));
            }
            untagged.add(response);
        }
    }

    private static String withoutTag(String tag, String response) {
        return response.startsWith(tag + " ") ? response.substring(tag.length() + 1) : response;
    }

    /** Sends octets as they are. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends octets as they are. */
    public void send(byte[] octets) throws IOException {
        wire.raw(octets);
    }

    /** Reads one response with its literals, as UTF-8, without the last CRLF. */
    public String response() throws IOException {
        return new String(responseOctets(), StandardCharsets.UTF_8);
    }

    /** Reads one response with its literals, without the last CRLF. */
    public byte[] responseOctets() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            byte[] octets = wire.lineOctets();
            all.writeBytes(octets);
            String line = new String(octets, StandardCharsets.ISO_8859_1);
            int brace = line.endsWith("}") ? line.lastIndexOf('{') : -1;
            if (brace < 0 || !line.substring(brace).matches("\\{[0-9]+}")) {
                return all.toByteArray();
            }
            int count = Integer.parseInt(line.substring(brace + 1, line.length() - 1));
            all.write('\r');
            all.write('\n');
            all.writeBytes(wire.octets(count));
        }
    }

    /** Whether the server closes the connection and says nothing more; waits for it. */
    public boolean isClosedByServer() throws IOException {
        return wire.octetsUntilClosed() == 0;
    }

    /** Reads until the server has closed the connection; answers how many octets came. */
    public long octetsUntilClosed() throws IOException {
        return wire.octetsUntilClosed();
    }

    /** How long a read waits. */
    public void patience(Duration most) throws IOException {
        wire.patience(most);
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
