package io.mailkeep.testing.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;

/**
 * An SMTP client whose use reads like a dialogue: {@code client.send("EHLO a").expect(250)}.
 *
 * <p>It checks certificate and host name. It sends whatever it is told, right or wrong, octet by
 * octet if need be; an unexpected answer is an {@link AssertionError} with the dialogue so far.
 */
public final class SmtpClient implements AutoCloseable {
    private static final int TRANSCRIPT = 40;

    private final Dialogue wire;
    private final List<String> transcript = new ArrayList<>();
    private SmtpReply last = new SmtpReply(0, List.of());

    private SmtpClient(Dialogue wire) {
        this.wire = wire;
    }

    /** Connects; the greeting is still to be read. */
    public static SmtpClient connect(InetSocketAddress address) throws IOException {
        return new SmtpClient(Dialogue.plain(address.getHostString(), address.getPort()));
    }

    /** Connects with TLS from the first octet. */
    public static SmtpClient connectTls(InetSocketAddress address, SSLContext trust)
            throws IOException {
        return connect(address).secure(trust);
    }

    /** Sends one line; CRLF is put behind it. */
    public SmtpClient send(String line) throws IOException {
        note("C: " + (line.startsWith("AUTH ") ? "AUTH …" : line));
        return raw(line + "\r\n");
    }

    /** Sends text as UTF-8, exactly. */
    public SmtpClient raw(String text) throws IOException {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends octets, exactly. */
    public SmtpClient raw(byte[] octets) throws IOException {
        wire.raw(octets);
        return this;
    }

    /** Reads one whole answer. */
    public SmtpReply reply() throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = line();
            note("S: " + line);
            if (line.length() < 3) {
                throw new AssertionError("no reply: '" + line + "'" + dialogue());
            }
            lines.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) != '-') {
                last = new SmtpReply(Integer.parseInt(line.substring(0, 3)), lines);
                return last;
            }
        }
    }

    /** Reads one answer, which has this code. */
    public SmtpClient expect(int code) throws IOException {
        return expect(code, "");
    }

    /** Reads one answer, which has this code and begins with this text, such as {@code 5.7.1}. */
    public SmtpClient expect(int code, String start) throws IOException {
        SmtpReply reply = reply();
        if (reply.code() != code || !reply.text().startsWith(start)) {
            throw new AssertionError(
                    "expected " + code + " " + start + ", got " + reply + dialogue());
        }
        return this;
    }

    /** Reads one answer, which passes. */
    public SmtpClient expect(String what, Predicate<SmtpReply> passes) throws IOException {
        SmtpReply reply = reply();
        if (!passes.test(reply)) {
            throw new AssertionError("expected " + what + ", got " + reply + dialogue());
        }
        return this;
    }

    /** The answer read last. */
    public SmtpReply last() {
        return last;
    }

    /** STARTTLS with its answer and the handshake; greets anew. */
    public SmtpClient startTls(SSLContext trust) throws IOException {
        send("STARTTLS").expect(220);
        return secure(trust);
    }

    /** The handshake alone. */
    public SmtpClient secure(SSLContext trust) throws IOException {
        wire.secure(trust);
        note("-- " + tls().getProtocol());
        return this;
    }

    /** The TLS session. */
    public SSLSession tls() {
        return wire.tls();
    }

    /** Reads the greeting and says EHLO. */
    public SmtpClient greet() throws IOException {
        return expect(220).send("EHLO client.example").expect(250);
    }

    /** Signs in with PLAIN; the answer is still to be read. */
    public SmtpClient signIn(String name, String password) throws IOException {
        return send("AUTH PLAIN " + plain("", name, password));
    }

    /** A PLAIN message (RFC 4616). */
    public static String plain(String authorization, String name, String password) {
        return Base64.getEncoder()
                .encodeToString(
                        (authorization + "\0" + name + "\0" + password)
                                .getBytes(StandardCharsets.UTF_8));
    }

    /** A whole transaction; the answer to its data is returned, whatever it is. */
    public SmtpReply deliver(String sender, List<String> recipients, byte[] message)
            throws IOException {
        send("MAIL FROM:<" + sender + ">").expect(250);
        for (String recipient : recipients) {
            send("RCPT TO:<" + recipient + ">").expect(250);
        }
        send("DATA").expect(354);
        return raw(stuffed(message)).reply();
    }

    /** Data as it is sent: dots before leading dots, and the end (RFC 5321 4.5.2). */
    public static byte[] stuffed(byte[] message) {
        ByteArrayOutputStream data = new ByteArrayOutputStream(message.length + 64);
        boolean start = true;
        for (byte one : message) {
            if (start && one == '.') {
                data.write('.');
            }
            data.write(one);
            start = one == '\n';
        }
        if (!start) {
            data.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        data.writeBytes(".\r\n".getBytes(StandardCharsets.US_ASCII));
        return data.toByteArray();
    }

    /** The server closes the connection, and says nothing more. */
    public SmtpClient expectClosed() throws IOException {
        try {
            long said = wire.octetsUntilClosed();
            if (said > 0) {
                throw new AssertionError("said " + said + " octets before it closed" + dialogue());
            }
        } catch (SocketTimeoutException open) {
            throw new AssertionError("not closed" + dialogue(), open);
        }
        return this;
    }

    /** How long a read waits. */
    public SmtpClient patience(Duration most) throws IOException {
        wire.patience(most);
        return this;
    }

    /** Nothing comes within this time. */
    public SmtpClient expectSilence(Duration time) throws IOException {
        wire.patience(time);
        try {
            throw new AssertionError("said '" + wire.line() + "'" + dialogue());
        } catch (SocketTimeoutException silent) {
            return this;
        } catch (EOFException closed) {
            throw new AssertionError("closed" + dialogue(), closed);
        } finally {
            wire.patient();
        }
    }

    /** No more will be sent; answers can still be read. */
    public SmtpClient halfClose() throws IOException {
        wire.halfClose();
        return this;
    }

    /** Leaves without a word: the server sees a reset. */
    public void reset() throws IOException {
        wire.reset();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }

    private String line() throws IOException {
        try {
            return wire.line();
        } catch (EOFException closed) {
            throw new AssertionError("the server closed the connection" + dialogue(), closed);
        }
    }

    private void note(String line) {
        if (transcript.size() == TRANSCRIPT) {
            transcript.removeFirst();
        }
        transcript.add(line.length() > 200 ? line.substring(0, 200) + "…" : line);
    }

    private String dialogue() {
        return "\n" + String.join("\n", transcript);
    }
}
