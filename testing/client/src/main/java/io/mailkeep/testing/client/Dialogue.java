package io.mailkeep.testing.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * A client's side of a line protocol: what is said goes out as it is, what comes back is read line
 * by line. Every read ends, within 30 seconds unless set otherwise; TLS checks the certificate
 * against whom the context trusts, and the host name.
 */
public final class Dialogue implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LINE_OCTETS = 1 << 26;

    private final String host;
    private final Socket raw;
    private Socket socket;
    private InputStream in;

    private Dialogue(InetSocketAddress address, Optional<InetAddress> from) throws IOException {
        host = address.getHostString();
        raw = new Socket();
        if (from.isPresent()) {
            raw.bind(new InetSocketAddress(from.get(), 0));
        }
        raw.connect(address, (int) PATIENCE.toMillis());
        raw.setTcpNoDelay(true);
        raw.setSoTimeout((int) PATIENCE.toMillis());
        socket = raw;
        in = new BufferedInputStream(raw.getInputStream());
    }

    /** Connects in clear. */
    public static Dialogue plain(String host, int port) throws IOException {
        return new Dialogue(new InetSocketAddress(host, port), Optional.empty());
    }

    /** Connects in clear, from this address of the machine. */
    public static Dialogue plain(String host, int port, InetAddress from) throws IOException {
        return new Dialogue(new InetSocketAddress(host, port), Optional.of(from));
    }

    /** Connects with TLS from the first octet. */
    public static Dialogue implicit(String host, int port, SSLContext trust) throws IOException {
        Dialogue dialogue = plain(host, port);
        dialogue.secure(trust);
        return dialogue;
    }

    /**
     * Goes over to TLS.
     *
     * @param protocols the versions to offer; without any, those of the context
     * @throws IOException the certificate isn't trusted or is for another host, or no version is
     *     spoken by both
     */
    public void secure(SSLContext trust, String... protocols) throws IOException {
        SSLSocket secured =
                (SSLSocket) trust.getSocketFactory().createSocket(raw, host, raw.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
    }

    /** The TLS session; there is one once {@link #secure} is done. */
    public SSLSession tls() {
        return ((SSLSocket) socket).getSession();
    }

    /** Sends a line with CRLF. */
    public Dialogue say(String line) throws IOException {
        return raw((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends octets as they are. */
    public Dialogue raw(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
        return this;
    }

    /** The next line, without its line end. */
    public String line() throws IOException {
        return new String(lineOctets(), StandardCharsets.UTF_8);
    }

    /** The next line's octets, without its line end. */
    byte[] lineOctets() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (line.size() > LINE_OCTETS) {
                throw new IOException("a line of more than 64 MiB");
            }
            line.write(next);
        }
        byte[] octets = line.toByteArray();
        boolean returned = octets.length > 0 && octets[octets.length - 1] == '\r';
        return returned ? Arrays.copyOf(octets, octets.length - 1) : octets;
    }

    /** Lines up to the one that starts with this. */
    public List<String> linesTo(String start) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(line());
        } while (!lines.getLast().startsWith(start));
        return lines;
    }

    /** An SMTP reply, all its lines (RFC 5321 4.2.1). */
    public List<String> reply() throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(line());
        } while (lines.getLast().length() > 3 && lines.getLast().charAt(3) == '-');
        return lines;
    }

    /** Exactly this many octets. */
    public byte[] octets(int count) throws IOException {
        byte[] octets = in.readNBytes(count);
        if (octets.length < count) {
            throw new EOFException("the server closed the connection");
        }
        return octets;
    }

    /**
     * Reads until the server has closed the connection or reset it; answers how many octets came.
     *
     * @throws java.net.SocketTimeoutException it stays open and silent
     */
    public long octetsUntilClosed() throws IOException {
        byte[] chunk = new byte[64 * 1024];
        long octets = 0;
        try {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                octets += n;
            }
        } catch (SocketException | SSLException reset) {
            return octets;
        }
        return octets;
    }

    /** How long a read waits; one that waits longer fails. */
    public Dialogue patience(Duration most) throws IOException {
        raw.setSoTimeout((int) most.toMillis());
        return this;
    }

    /** Back to the patience of the beginning. */
    void patient() throws IOException {
        patience(PATIENCE);
    }

    /** No more will be sent; answers can still be read. */
    public void halfClose() throws IOException {
        raw.shutdownOutput();
    }

    /** Leaves without a word: the server sees a reset. */
    public void reset() throws IOException {
        raw.setSoLinger(true, 0);
        raw.close();
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
