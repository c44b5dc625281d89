package io.mailkeep.testing.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Speaks IMAP so that a test reads like the dialogue: {@link #run} gives a command a tag, answers
 * the server's requests for literals, and hands back everything up to the tagged answer.
 * Certificate and host name are always checked.
 */
public final class ImapClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String host;
    private final int port;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private final String greeting;
    private int commands;

    private ImapClient(String host, int port, Socket socket) throws IOException {
        this.host = host;
        this.port = port;
        this.socket = socket;
        socket.setSoTimeout((int) PATIENCE.toMillis());
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.greeting = response();
    }

    /** Connects without TLS and reads the greeting. */
    public static ImapClient plain(String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
        return new ImapClient(host, port, socket);
    }

    /** Connects with TLS from the first octet, and reads the greeting. */
    public static ImapClient tls(String host, int port, SSLContext trust) throws IOException {
        Socket raw = new Socket();
        raw.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
        return new ImapClient(host, port, secured(raw, host, port, trust));
    }

    private static SSLSocket secured(Socket raw, String host, int port, SSLContext trust)
            throws IOException {
        SSLSocket tls = (SSLSocket) trust.getSocketFactory().createSocket(raw, host, port, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.setSoTimeout((int) PATIENCE.toMillis());
        tls.startHandshake();
        return tls;
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
        socket = secured(socket, host, port, trust);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
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
        out.write(octets);
        out.flush();
    }

    /** Reads one response with its literals, as UTF-8, without the last CRLF. */
    public String response() throws IOException {
        return new String(responseOctets(), StandardCharsets.UTF_8);
    }

    /** Reads one response with its literals, without the last CRLF. */
    public byte[] responseOctets() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            String line = line();
            all.write(line.getBytes(StandardCharsets.ISO_8859_1));
            int brace = line.endsWith("}") ? line.lastIndexOf('{') : -1;
            if (brace < 0 || !line.substring(brace).matches("\\{[0-9]+}")) {
                return all.toByteArray();
            }
            int octets = Integer.parseInt(line.substring(brace + 1, line.length() - 1));
            all.write('\r');
            all.write('\n');
            byte[] literal = in.readNBytes(octets);
            if (literal.length < octets) {
                throw new EOFException("server left within a literal");
            }
            all.write(literal);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int one = in.read();
        while (one >= 0 && one != '\n') {
            line.write(one);
            one = in.read();
        }
        if (one < 0) {
            throw new EOFException("server closed the connection");
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Whether the server has closed the connection; waits for it. */
    public boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Reads until the server has closed the connection; answers how many octets came. */
    public long octetsUntilClosed() {
        byte[] chunk = new byte[64 * 1024];
        long octets = 0;
        try {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                octets += n;
            }
        } catch (IOException reset) {
            return octets;
        }
        return octets;
    }

    /** How long a read waits. */
    public void patience(Duration most) throws IOException {
        socket.setSoTimeout((int) most.toMillis());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
