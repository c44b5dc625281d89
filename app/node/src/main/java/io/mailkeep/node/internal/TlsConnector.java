package io.mailkeep.node.internal;

import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Objects;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
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

    private final Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
    private final String versions;
    private final Path chain;
    private final Path key;

    /**
     * Where it listens is still to be set.
     *
     * @param versions of TLS, such as {@code TLSv1.2,TLSv1.3}
     * @param chain PEM file, the server's certificate first
     * @param key PEM file of its private key; may be the same
     */
    TlsConnector(int threads, String versions, Path chain, Path key) {
        this.versions = versions;
        this.chain = chain;
        this.key = key;
        connector.setScheme("https");
        connector.setSecure(true);
        protocol().setMaxThreads(threads);
        protocol().setMinSpareThreads(1);
        protocol().setConnectionTimeout(10_000);
        protocol().setMaxHttpRequestHeaderSize(16 * 1024);
        protocol().setSSLEnabled(true);
        connector.addSslHostConfig(certificate());
    }

    /** To be added to the web server. */
    Connector connector() {
        return connector;
    }

    /** Shows what the files hold now, from the next handshake on. */
    void refresh() {
        protocol().addSslHostConfig(certificate(), true);
    }

    private Http11NioProtocol protocol() {
        return (Http11NioProtocol) connector.getProtocolHandler();
    }

    private SSLHostConfig certificate() {
        SSLHostConfig tls = new SSLHostConfig();
        tls.setProtocols(versions);
        tls.setCiphers(CIPHERS);
        SSLHostConfigCertificate server =
                new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
        server.setCertificateKeystore(read());
        server.setCertificateKeyPassword("");
        tls.addCertificate(server);
        return tls;
    }

    /** Read by Boot: the web server's own parser takes no file that holds both chain and key. */
    private KeyStore read() {
        PemSslStoreDetails pem =
                PemSslStoreDetails.forCertificate(chain.toUri().toString())
                        .withPrivateKey(key.toUri().toString());
        return Objects.requireNonNull(
                new PemSslStoreBundle(pem, PemSslStoreDetails.forCertificate(null)).getKeyStore());
    }
}
