package io.mailkeep.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.net.AuthorityKey;
import io.mailkeep.net.Certificates;
import io.mailkeep.testing.client.Dialogue;
import io.mailkeep.testing.client.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Optional;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS of the node (RFC 9325). */
@Claim("NET-1")
class TlsConnectorTest {
    @TempDir Path temp;

    /** The authority's key, in memory. */
    private final AuthorityKey vault =
            new AuthorityKey() {
                private byte[] kept = {};

                @Override
                public Optional<Secret> load() {
                    return kept.length == 0
                            ? Optional.empty()
                            : Optional.of(Secret.owning(kept.clone()));
                }

                @Override
                public void store(Secret key) {
                    kept = key.exposeSecretBytes().clone();
                }
            };

    @Test
    void aRenewedCertificateIsShownWithoutAStart() throws Exception {
        Certificates first = certificates();
        TlsConnector connector = new TlsConnector(4, "TLSv1.3", read());
        connector.connector().setPort(0);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(temp.resolve("tomcat").toString());
        tomcat.setConnector(connector.connector());
        tomcat.addContext("", temp.toString());
        tomcat.start();
        try {
            int port = connector.connector().getLocalPort();
            assertThat(shown(port)).isEqualTo(first.server());
            Files.delete(file("server.pem"));
            Certificates renewed = certificates();
            assertThat(renewed.server()).isNotEqualTo(first.server());
            connector.show(read());
            assertThat(shown(port)).isEqualTo(renewed.server());
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private Certificates certificates() throws IOException {
        return Certificates.own(temp, "localhost", vault, Time.system(), Randomness.system());
    }

    private Path file(String name) {
        return temp.resolve(name);
    }

    private KeyStore read() {
        return TlsConnector.read(file("server.pem"), file("server.pem"));
    }

    private Certificate shown(int port) throws IOException {
        try (Dialogue https = Dialogue.implicit("localhost", port, Trust.in(file("ca.pem")))) {
            return https.tls().getPeerCertificates()[0];
        }
    }
}
