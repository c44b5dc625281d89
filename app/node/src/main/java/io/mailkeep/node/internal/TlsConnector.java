package io.mailkeep.node.internal;

import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Objects;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** A connector of the web server that speaks TLS alone, with the suites of RFC 9325 4.2. */
final class TlsConnector {
    /** AEAD with forward secrecy alone (RFC 9325 4.2). */
    private static final String CIPHERS =
            "TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256,TLS_CHACHA20_POLY1305_SHA256,"
                    + "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,"
                    + "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,"
                    + "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

    private final Connector connector;
    private final String versions;

    /**
     * Where it listens is still to be set.
     *
     * @param versions of TLS, such as {@code TLSv1.2,TLSv1.3}
     * @param certificate with its key, as {@link #read} gives it
     */
    TlsConnector(int threads, String versions, KeyStore certificate) {
        this(threads, versions, certificate, new NioEndpoint());
        protocol().setConnectionTimeout(10_000);
    }

    /** The same, with an endpoint that brings its own limits. */
    TlsConnector(int threads, String versions, KeyStore certificate, NioEndpoint endpoint) {
        this.connector = new Connector(new Http11NioProtocol(endpoint));
        this.versions = versions;
        connector.setScheme("https");
        connector.setSecure(true);
        protocol().setMaxThreads(threads);
        protocol().setMinSpareThreads(1);
        protocol().setMaxHttpRequestHeaderSize(16 * 1024);
        protocol().setSSLEnabled(true);
        connector.addSslHostConfig(tls(certificate));
    }

    /** To be added to the web server. */
    Connector connector() {
        return connector;
    }

    /** Shows this certificate from the next handshake on. */
    void show(KeyStore certificate) {
        protocol().addSslHostConfig(tls(certificate), true);
    }

    private Http11NioProtocol protocol() {
        return (Http11NioProtocol) connector.getProtocolHandler();
    }

    private SSLHostConfig tls(KeyStore certificate) {
        SSLHostConfig tls = new SSLHostConfig();
        tls.setProtocols(versions);
        tls.setCiphers(CIPHERS);
        SSLHostConfigCertificate server =
                new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
        server.setCertificateKeystore(certificate);
        server.setCertificateKeyPassword("");
        tls.addCertificate(server);
        return tls;
    }

    /**
     * Reads a certificate and its key from PEM files, which may be one: by Boot, since the web
     * server's own parser takes no file that holds both.
     *
     * @param chain the server's certificate first
     */
    static KeyStore read(Path chain, Path key) {
        PemSslStoreDetails pem =
                PemSslStoreDetails.forCertificate(chain.toUri().toString())
                        .withPrivateKey(key.toUri().toString());
        return Objects.requireNonNull(
                new PemSslStoreBundle(pem, PemSslStoreDetails.forCertificate(null)).getKeyStore());
    }
}
