package io.mailkeep.testing.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A client's side of a line protocol: what is said goes out as it is, what comes back is read line
 * by line. Every read ends within ten seconds; TLS checks the certificate against one authority and
 * the host name.
 */
public final class Dialogue implements AutoCloseable {
    private static final int PATIENCE_MS = 10_000;
    private static final int LINE_BYTES = 1 << 20;

    private final String host;
    private final int port;
    private Socket socket;
    private InputStream in;

    private Dialogue(String host, int port, Socket socket) throws IOException {
        this.host = host;
        this.port = port;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects in clear. */
    public static Dialogue plain(String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(host, port), PATIENCE_MS);
        socket.setSoTimeout(PATIENCE_MS);
        return new Dialogue(host, port, socket);
    }

    /** Connects with TLS from the first byte. */
    public static Dialogue implicit(String host, int port, Path authority) throws IOException {
        Dialogue dialogue = plain(host, port);
        dialogue.secure(authority, List.of("TLSv1.3", "TLSv1.2"));
        return dialogue;
    }

    /**
     * Goes over to TLS with one of these protocol versions; fails if the certificate isn't the
     * authority's.
     */
    public void secure(Path authority, List<String> protocols) throws IOException {
        SSLSocket secured =
                (SSLSocket)
                        trusting(authority)
                                .getSocketFactory()
                                .createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(protocols.toArray(String[]::new));
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
    }

    /** The protocol version in use, such as {@code TLSv1.3}; {@code plain} before TLS. */
    public String protocol() {
        return socket instanceof SSLSocket secured ? secured.getSession().getProtocol() : "plain";
    }

    /** Sends a line with CRLF. */
    public Dialogue say(String line) throws IOException {
        return raw((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as they are. */
    public Dialogue raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** The next line, without its line end. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (line.size() > LINE_BYTES) {
                throw new IOException("a line of more than 1 MiB");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
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

    /** Exactly this many bytes. */
    public byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the server closed the connection");
        }
        return bytes;
    }

    private static SSLContext trusting(Path authority) throws IOException {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority's certificate can't be used", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
