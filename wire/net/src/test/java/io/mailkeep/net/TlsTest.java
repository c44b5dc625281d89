package io.mailkeep.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.ShiftedTime;
import io.mailkeep.testing.sim.Soon;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What TLS lets in: RFC 8446, the suites of RFC 9325 4.2, STARTTLS as RFC 3207 6 and the channel
 * binding of RFC 9266.
 */
@DisplayName("TLS is new enough, belongs to this server, and lets no plain text in")
class TlsTest {
    @TempDir private Path folder;
    private Certificates certificates;
    private Tls tls;
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    /** Starts TLS at once and tells what it reads inside. */
    private final Session upgrading =
            connection -> {
                connection.phase(Served.SHORT, Served.SHORT);
                Line first = connection.readLine(100);
                try {
                    connection.startTls("220 go\r\n");
                } finally {
                    seen.add("dropped " + connection.droppedPlaintext());
                }
                Arrays.fill(connection.channelBinding(), (byte) 0);
                seen.add(HexFormat.of().formatHex(connection.channelBinding()));
                Line inside = connection.readLine(100);
                seen.add(inside instanceof Line.Text text ? text.utf8() : inside.toString());
                connection.write(first instanceof Line.Text ? "done\r\n" : "odd\r\n");
            };

    @BeforeEach
    void open() throws IOException {
        certificates = Served.certificates(folder);
        tls = new Tls(certificates);
    }

    private static SSLSocket client(Socket raw, Certificates trusted) throws IOException {
        return (SSLSocket)
                Tls.trusting(trusted.authority())
                        .getSocketFactory()
                        .createSocket(raw, "127.0.0.1", raw.getPort(), true);
    }

    private SSLSocket secure(Socket raw, String... protocols) throws IOException {
        SSLSocket secured = client(raw, certificates);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(10, TimeUnit.SECONDS));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    @Claim({"ATK-04", "NET-1"})
    void plainTextInThePacketOfStartTlsIsThrownAwayAndCounted() throws Exception {
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), false, upgrading);
                Socket raw = Served.connect(listener)) {
            raw.getOutputStream().write(ascii("STARTTLS\r\nINJECTED\r\n"));
            assertThat(raw.getInputStream().readNBytes(8)).asString().isEqualTo("220 go\r\n");
            SSLSocket secured = secure(raw);
            secured.getOutputStream().write(ascii("INSIDE\r\n"));
            assertThat(next()).isEqualTo("dropped 10");
            next();
            assertThat(next()).isEqualTo("INSIDE");
            assertThat(secured.getInputStream().readNBytes(6)).asString().isEqualTo("done\r\n");
            secured.close();
            Soon.until(() -> listener.status().open() == 0);
            assertThat(listener.status().injected()).isEqualTo(1);
        }
    }

    @Test
    @Claim("ATK-04")
    void moreOfItThanTheBufferHoldsIsThrownAwayToo() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        Session late =
                connection -> {
                    connection.phase(Served.SHORT, Served.SHORT);
                    connection.readLine(100);
                    try {
                        sent.await();
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                    connection.startTls("220 go\r\n");
                    seen.add("dropped " + connection.droppedPlaintext());
                };
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), false, late);
                Socket raw = Served.connect(listener)) {
            raw.getOutputStream().write(ascii("STARTTLS\r\n" + "INJECTED\r\n".repeat(2_000)));
            sent.countDown();
            assertThat(raw.getInputStream().readNBytes(8)).asString().isEqualTo("220 go\r\n");
            secure(raw);
            assertThat(next()).isEqualTo("dropped 20000");
        }
    }

    @Test
    @Claim("ATK-139")
    void aHandshakeAfterStartTlsHasItsOwnTimeInAll() throws Exception {
        ShiftedTime time = new ShiftedTime();
        Duration phase = Duration.ofMinutes(5);
        Session patient =
                connection -> {
                    connection.phase(phase, phase);
                    connection.readLine(100);
                    connection.startTls("220 go\r\n");
                };
        try (Listener listener = Served.open(Served.limits(), tls, time, patient);
                Socket raw = Served.connect(listener)) {
            raw.getOutputStream().write(ascii("STARTTLS\r\n"));
            assertThat(raw.getInputStream().readNBytes(8)).asString().isEqualTo("220 go\r\n");
            raw.getOutputStream().write(0x16);
            Duration passed = Duration.ZERO;
            while (listener.status().cut() == 0 && passed.compareTo(phase) < 0) {
                time.advance(Duration.ofSeconds(1));
                passed = passed.plusSeconds(1);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(passed).isLessThan(phase);
        }
    }

    @Test
    @Claim("ATK-04")
    void plainTextBehindTheGoAheadBreaksTheHandshake() throws Exception {
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), false, upgrading);
                Socket raw = Served.connect(listener)) {
            raw.getOutputStream().write(ascii("STARTTLS\r\n"));
            assertThat(raw.getInputStream().readNBytes(8)).asString().isEqualTo("220 go\r\n");
            raw.getOutputStream().write(ascii("INJECTED\r\n"));
            assertThatThrownBy(() -> secure(raw)).isInstanceOf(IOException.class);
            assertThat(next()).isEqualTo("dropped 0");
            assertThat(seen.poll(1, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void theChannelBindingIsTheExporterOfTls13AndBothSidesHaveIt() throws Exception {
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), false, upgrading);
                Socket raw = Served.connect(listener)) {
            raw.getOutputStream().write(ascii("STARTTLS\r\n"));
            raw.getInputStream().readNBytes(8);
            SSLSocket secured = secure(raw, "TLSv1.3");
            next();
            assertThat(next()).isEqualTo(exported(secured));
        }
    }

    private static String exported(SSLSocket secured) throws IOException {
        ExtendedSSLSession session = (ExtendedSSLSession) secured.getSession();
        return HexFormat.of()
                .formatHex(
                        session.exportKeyingMaterialData(
                                "EXPORTER-Channel-Binding", new byte[0], 32));
    }

    @Test
    void underTls12TheChannelBindingIsRandom() throws Exception {
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), false, upgrading)) {
            String[] bindings = new String[2];
            for (int i = 0; i < 2; i++) {
                try (Socket raw = Served.connect(listener)) {
                    raw.getOutputStream().write(ascii("STARTTLS\r\n"));
                    raw.getInputStream().readNBytes(8);
                    SSLSocket secured = secure(raw, "TLSv1.2");
                    assertThat(secured.getSession().getCipherSuite()).contains("GCM");
                    secured.getOutputStream().write(ascii("x\r\n"));
                    next();
                    bindings[i] = next();
                    assertThat(bindings[i]).isNotEqualTo(exported(secured));
                    next();
                }
            }
            assertThat(bindings[0]).hasSize(64).isNotEqualTo(bindings[1]);
        }
    }

    @Test
    @DisplayName("TLS ends with its farewell, or a client takes it for cut off (RFC 8446 6.1)")
    void theEndIsSaid() throws Exception {
        Session session =
                connection -> {
                    connection.phase(Served.SHORT, Served.SHORT);
                    connection.write("bye\r\n");
                };
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), true, session);
                Tapped raw = new Tapped()) {
            raw.connect(listener.address());
            SSLSocket secured = secure(raw, "TLSv1.2");
            assertThat(secured.getInputStream().readAllBytes()).asString().isEqualTo("bye\r\n");
            int last = 0;
            ByteBuffer records = ByteBuffer.wrap(raw.heard.toByteArray());
            while (records.hasRemaining()) {
                last = records.get();
                records.getShort();
                records.position(records.position() + 2 + records.getShort(records.position()));
            }
            assertThat(last).as("the type of the last record: an alert").isEqualTo(21);
        }
    }

    /** Keeps what it hears. */
    private static final class Tapped extends Socket {
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        @Override
        public InputStream getInputStream() throws IOException {
            InputStream in = super.getInputStream();
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int count = in.read(into, offset, length);
                    heard.write(into, offset, Math.max(0, count));
                    return count;
                }
            };
        }
    }

    @Test
    @Claim({"ATK-140", "NET-1"})
    void aSuiteWithoutAuthenticatedEncryptionIsRefused() throws Exception {
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), true, upgrading);
                Socket raw = Served.connect(listener)) {
            SSLSocket secured = client(raw, certificates);
            secured.setEnabledProtocols(new String[] {"TLSv1.2"});
            secured.setEnabledCipherSuites(
                    new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
            assertThatThrownBy(secured::startHandshake)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("handshake_failure");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256",
        "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    })
    @Claim("NET-1")
    void theServersOrderOfSuitesDecides(String version, String liked, String taken)
            throws Exception {
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), true, upgrading);
                Socket raw = Served.connect(listener)) {
            SSLSocket secured = client(raw, certificates);
            secured.setEnabledProtocols(new String[] {version});
            secured.setEnabledCipherSuites(new String[] {liked, taken});
            secured.startHandshake();
            assertThat(secured.getSession().getCipherSuite()).isEqualTo(taken);
        }
    }

    @Test
    @Claim({"ATK-140", "NET-1"})
    void tls11IsRefusedByAnAlert() throws Exception {
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), true, upgrading);
                Socket raw = Served.connect(listener)) {
            OutputStream out = raw.getOutputStream();
            // A ClientHello of TLS 1.1 with one suite and nothing else.
            out.write(
                    HexFormat.of()
                            .parseHex(
                                    "160301002d"
                                            + "01000029"
                                            + "0302"
                                            + "11".repeat(32)
                                            + "00"
                                            + "0002"
                                            + "c00a"
                                            + "0100"));
            InputStream in = raw.getInputStream();
            byte[] alert = in.readNBytes(7);
            assertThat(alert[0]).isEqualTo((byte) 21);
            assertThat(alert[6]).isEqualTo((byte) 70);
        }
    }

    @Test
    @Claim({"ATK-140", "NET-1"})
    void nothingIsTakenBeforeTheHandshake() throws Exception {
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), true, upgrading);
                Socket raw = Served.connect(listener)) {
            raw.getOutputStream().write(ascii("STARTTLS\r\nINJECTED\r\n"));
            raw.setSoTimeout(10_000);
            assertThat(raw.getInputStream().readAllBytes().length).isLessThan(50);
            Soon.until(() -> listener.status().handshakesFailed() == 1);
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void anotherAuthorityIsNotBelieved(@TempDir Path other) throws Exception {
        Certificates foreign = Served.certificates(other);
        try (Listener listener = Served.open(Served.limits(), Optional.of(tls), true, upgrading);
                Socket raw = Served.connect(listener)) {
            SSLSocket secured = client(raw, foreign);
            assertThatThrownBy(secured::startHandshake).hasMessageContaining("PKIX");
        }
    }
}
