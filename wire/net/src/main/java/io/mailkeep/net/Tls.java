package io.mailkeep.net;

import io.mailkeep.kernel.Claim;
import io.mailkeep.net.internal.LiveCertificate;
import io.mailkeep.net.internal.Resumed;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS as this server speaks it: 1.3 and 1.2, forward secrecy and AEAD suites only, in the server's
 * order, no renegotiation, no early data, no client certificates (RFC 8446, RFC 9325; {@code
 * ATK-140}).
 */
@Claim({"NET-1", "ATK-140"})
public final class Tls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final String[] SUITES = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    };

    static {
        // Read once by the JDK when its TLS classes load; a renegotiation costs us more than them.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    /** What one handshake may cost this machine, beside many others. */
    private static final Duration EACH = Duration.ofMillis(20);

    private final SSLContext context;
    private final AtomicInteger underWay = new AtomicInteger();

    /** Serves whatever certificate {@code certificates} holds at the time of a handshake. */
    public Tls(Certificates certificates) {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new LiveCertificate(certificates::current)}, null, null);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The context, for a server that isn't built on {@link Listener}; use {@link #parameters} too.
     */
    public SSLContext context() {
        return context;
    }

    /** The protocol versions and suites that every server socket of ours is set to. */
    public static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters(SUITES.clone(), PROTOCOLS.clone());
        parameters.setUseCipherSuitesOrder(true);
        parameters.setNeedClientAuth(false);
        return parameters;
    }

    /** A context for a client that trusts this authority and nothing else. */
    public static SSLContext trusting(X509Certificate authority) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority);
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            TrustManager[] managers = factory.getTrustManagers();
            SSLContext client = SSLContext.getInstance("TLS");
            client.init(null, managers, null);
            return client;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Names of the protocol versions, for whoever has to say them. */
    public static List<String> protocols() {
        return List.of(PROTOCOLS);
    }

    /**
     * A handshake begins: how much longer than usual it may take. While many are under way it is
     * this machine that is slow, and clients that come back all at once aren't cut off for that
     * ({@code FLT-36}).
     */
    Duration begin() {
        return EACH.multipliedBy(underWay.incrementAndGet());
    }

    /** A handshake has ended, well or not. */
    void end() {
        underWay.decrementAndGet();
    }

    /**
     * @param hello what was read of the handshake already; never plain text that came before it
     */
    SSLSocket wrap(Socket raw, byte[] hello) throws IOException {
        @Nullable InputStream consumed =
                hello.length == 0 ? null : new Resumed(hello, raw.getInputStream());
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(raw, consumed, false);
        secured.setUseClientMode(false);
        secured.setSSLParameters(parameters());
        return secured;
    }

    /** What only the two ends of this connection know (RFC 9266 2), if TLS 1.3 runs. */
    static Optional<byte[]> channelBinding(SSLSocket socket) {
        if (!"TLSv1.3".equals(socket.getSession().getProtocol())) {
            return Optional.empty();
        }
        try {
            ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
            return Optional.of(
                    session.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32));
        } catch (SSLKeyException | UnsupportedOperationException notThere) {
            return Optional.empty();
        }
    }
}
