package io.mailkeep.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.net.internal.LiveCertificate;
import io.mailkeep.testing.sim.SimTime;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authority and its certificates (RFC 5280), kept as PEM (RFC 7468). */
@DisplayName("Certificates are made, kept, renewed and changed while running")
class CertificatesTest {
    @TempDir private Path folder;
    private final SimTime time = new SimTime();
    private final Served.Vault vault = new Served.Vault();

    private Certificates own(String hostName) throws IOException {
        return Certificates.own(folder, hostName, vault, time, Randomness.system());
    }

    @Test
    void theFirstStartMakesAnAuthorityWhoseKeyIsNotInTheFolder() throws Exception {
        Certificates certificates = own("mail.example.test");
        certificates.server().verify(certificates.authority().getPublicKey());
        assertThat(certificates.server().getSubjectAlternativeNames())
                .extracting(one -> String.valueOf(one.get(1)))
                .containsExactly("mail.example.test", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("server.pem"))))
                .isEqualTo("rw-------");
        try (Secret key = vault.load().orElseThrow()) {
            String whole = Base64.getEncoder().encodeToString(key.exposeSecretBytes());
            for (String file : List.of("ca.pem", "server.pem")) {
                String text = Files.readString(folder.resolve(file)).replace("\n", "");
                // The last third is the key itself; before it stands what all keys have in common.
                assertThat(text).doesNotContain(whole.substring(whole.length() * 2 / 3));
            }
        }
    }

    @Test
    void theNextStartShowsTheSameCertificateAlsoWithoutTheAuthoritysKey() throws Exception {
        X509Certificate first = own("mail.example.test").server();
        vault.lose();
        assertThat(own("mail.example.test").server()).isEqualTo(first);
    }

    @Test
    void aCertificateIsRenewedBeforeItExpiresByTheSameAuthority() throws Exception {
        Certificates certificates = own("mail.example.test");
        X509Certificate first = certificates.server();
        time.advance(Duration.ofDays(80));
        assertThat(certificates.refresh()).isFalse();
        time.advance(Duration.ofDays(15));
        assertThat(certificates.refresh()).isTrue();
        assertThat(certificates.server()).isNotEqualTo(first);
        certificates.server().verify(certificates.authority().getPublicKey());
        assertThat(certificates.server().getNotAfter()).isAfter(first.getNotAfter());
    }

    @Test
    @Claim("FLT-29")
    void oneThatWasMadeWhileTheClockStoodInTheFutureIsMadeAnewWhenItIsBack() throws Exception {
        Certificates certificates = own("mail.example.test");
        Instant honest = time.instant();
        assertThat(certificates.isEarly()).isFalse();
        time.setWall(honest.plus(Duration.ofDays(1_000)));
        assertThat(certificates.isEarly()).isFalse();
        assertThat(certificates.refresh()).isTrue();
        time.setWall(honest);
        assertThat(certificates.isEarly()).isTrue();
        assertThat(certificates.refresh()).isTrue();
        assertThat(certificates.isEarly()).isFalse();
        certificates.server().checkValidity(Date.from(honest));
    }

    @Test
    void anotherHostNameGetsAnotherCertificate() throws Exception {
        X509Certificate first = own("mail.example.test").server();
        X509Certificate second = own("post.example.test").server();
        assertThat(second).isNotEqualTo(first);
        assertThat(second.getSubjectAlternativeNames().toString()).contains("post.example.test");
    }

    @Test
    void aDueRenewalWithoutTheKeyGoesOnUntilTheEndAndThenSaysWhatToDo() throws Exception {
        Certificates certificates = own("mail.example.test");
        X509Certificate first = certificates.server();
        vault.lose();
        time.advance(Duration.ofDays(100));
        certificates.refresh();
        assertThat(certificates.server()).isEqualTo(first);
        time.advance(Duration.ofDays(30));
        assertThatThrownBy(() -> own("mail.example.test"))
                .isInstanceOf(CertificateRefused.class)
                .hasMessageContaining("bring the key device back");
    }

    @Test
    void aLostCertificateOfTheAuthorityIsMadeAnewAndOldClientsStillVerify() throws Exception {
        Certificates before = own("mail.example.test");
        Files.delete(folder.resolve("ca.pem"));
        Certificates after = own("mail.example.test");
        assertThat(after.authority().getSubjectX500Principal())
                .isEqualTo(before.authority().getSubjectX500Principal());
        after.server().verify(before.authority().getPublicKey());
    }

    @Test
    void aKeyOfAnotherInstallationIsRefused(@TempDir Path other) throws Exception {
        own("mail.example.test");
        Served.Vault foreign = new Served.Vault();
        Certificates.own(other, "mail.example.test", foreign, time, Randomness.system());
        assertThatThrownBy(() ->
                        Certificates.own(
                                folder, "changed.example.test", foreign, time, Randomness.system()))
                .isInstanceOf(CertificateRefused.class)
                .hasMessageContaining("another installation");
    }

    @Test
    void givenFilesAreUsedReloadedAndChecked(@TempDir Path other) throws Exception {
        own("mail.example.test");
        Path given = Files.copy(folder.resolve("server.pem"), other.resolve("given.pem"));
        Certificates certificates = Certificates.given(given, given, time);
        X509Certificate first = certificates.server();
        own("post.example.test");
        Files.delete(given);
        Files.copy(folder.resolve("server.pem"), given);
        assertThat(certificates.refresh()).isTrue();
        assertThat(certificates.server()).isNotEqualTo(first);

        Files.writeString(given, Files.readString(folder.resolve("ca.pem")));
        assertThatThrownBy(certificates::refresh)
                .isInstanceOf(CertificateRefused.class)
                .hasMessageContaining("no private key");
        assertThatThrownBy(() ->
                        Certificates.given(
                                folder.resolve("ca.pem"), folder.resolve("server.pem"), time))
                .hasMessageContaining("isn't the key of");
    }

    @Test
    void theNextHandshakeShowsTheNewCertificate() throws Exception {
        Certificates certificates = own("mail.example.test");
        Session session = connection -> connection.write("hello\r\n");
        try (Listener listener =
                Served.open(Served.limits(), Optional.of(new Tls(certificates)), true, session)) {
            assertThat(shown(listener)).isEqualTo(certificates.server());
            time.advance(Duration.ofDays(95));
            certificates.refresh();
            assertThat(shown(listener)).isEqualTo(certificates.server());
        }
    }

    /** What a handshake began with is gone when a certificate is renewed within it. */
    @Test
    void aHandshakeNeverMixesTwoCertificates() throws Exception {
        Certificates certificates = own("mail.example.test");
        LiveCertificate live = new LiveCertificate(certificates::current);
        String begun = live.chooseServerAlias("EC", null, null);
        assertThat(live.getCertificateChain(begun)).startsWith(certificates.server());
        assertThat(live.getPrivateKey(begun)).isNotNull();
        time.advance(Duration.ofDays(95));
        certificates.refresh();
        assertThat(live.getCertificateChain(begun)).isNull();
        assertThat(live.getPrivateKey(begun)).isNull();
    }

    /**
     * The certificate shown in a handshake; trust is judged elsewhere, by a clock that isn't the
     * test's.
     */
    private static X509Certificate shown(Listener listener) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        try (Socket raw = Served.connect(listener);
                SSLSocket secured =
                        (SSLSocket)
                                context.getSocketFactory()
                                        .createSocket(raw, "localhost", raw.getPort(), true)) {
            secured.startHandshake();
            return (X509Certificate) secured.getSession().getPeerCertificates()[0];
        }
    }

    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
