package io.mailkeep.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Time;
import io.mailkeep.testing.sim.SimTime;
import io.mailkeep.testing.sim.Soon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
        "A client who is no proxy and says whose its connection is gets it closed, and is told")
class ForgedProxyTest {
    private static final String SIGNATURE = "0D0A0D0A000D0A515549540A";
    private static final String OF_192_0_2_7 = "2111000C" + "C0000207C633640115B30019";

    private final ConcurrentLinkedQueue<Alarm> told = new ConcurrentLinkedQueue<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Guard guard = new Guard(Time.system(), told::add);

    /** Keeps what it is given. */
    private final Session session =
            connection -> {
                connection.phase(Served.SHORT, Served.SHORT);
                lines.add("client " + connection.remoteAddress().getHostAddress());
                Line line = connection.readLine(1_000);
                while (!(line instanceof Line.End)) {
                    lines.add(line instanceof Line.Text text ? text.octets() : "broken");
                    connection.write("250 ok\r\n");
                    line = connection.readLine(1_000);
                }
            };

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a whole header, " + OF_192_0_2_7,
        "private addresses, 2111000C0A000001C0A8000115B30019",
        "loopback, 2111000C7F0000017F00000115B30019",
        "the proxy speaks for itself, 20000000",
        "the signature alone, ''",
        "a length that lies, 2111FFFFC0000207",
        "a TLV that is longer than the header, 21110011C0000207C633640115B3001904FFFF0000",
        "a TLV of no type, 21110012C0000207C633640115B30019EE0003414243",
    })
    @Claim("ATK-138")
    void isClosedAndTold(String what, String rest) throws Exception {
        try (Listener listener =
                        Served.guarded(guard, Served.limits(), Optional.empty(), false, session);
                Socket stranger = Served.connect(listener)) {
            stranger.getOutputStream()
                    .write(HexFormat.of().parseHex(SIGNATURE + rest + "4E4F4F500D0A"));
            closedWithoutAWord(stranger);
            toldOnce(listener, "127.0.0.1");
            assertThat(lines).as("nothing reached the session").containsExactly("client 127.0.0.1");
        }
    }

    @Test
    @Claim("ATK-138")
    void aMegabyteOfItIsNotRead() throws Exception {
        try (Listener listener =
                        Served.guarded(guard, Served.limits(), Optional.empty(), false, session);
                Socket stranger = Served.connect(listener)) {
            byte[] much = HexFormat.of().parseHex((SIGNATURE + OF_192_0_2_7).repeat(1 << 15));
            assertThat(much.length).isGreaterThan(900_000);
            try {
                stranger.getOutputStream().write(much);
            } catch (SocketException cutWhileItWrote) {
                // what is meant to happen
            }
            closedWithoutAWord(stranger);
            toldOnce(listener, "127.0.0.1");
        }
    }

    @Test
    @Claim("ATK-138")
    void anOctetAtATimeIsTheSame() throws Exception {
        try (Listener listener =
                        Served.guarded(guard, Served.limits(), Optional.empty(), false, session);
                Socket stranger = Served.connect(listener)) {
            stranger.setTcpNoDelay(true);
            for (byte one : HexFormat.of().parseHex(SIGNATURE)) {
                stranger.getOutputStream().write(one);
                TimeUnit.MILLISECONDS.sleep(5);
            }
            toldOnce(listener, "127.0.0.1");
            assertThat(lines).contains("").doesNotContain("QUIT");
        }
    }

    @Test
    @Claim("ATK-138")
    void behindAProxyASecondHeaderIsItsClients() throws Exception {
        try (Listener listener = Served.guardedBehindProxies(guard, session);
                Socket proxy = Served.connect(listener)) {
            String second = SIGNATURE + "2111000C" + "CB007107C633640115B30019";
            proxy.getOutputStream()
                    .write(HexFormat.of().parseHex(SIGNATURE + OF_192_0_2_7 + second));
            closedWithoutAWord(proxy);
            toldOnce(listener, "192.0.2.7");
            assertThat(listener.status().unproxied()).isZero();
        }
    }

    @Test
    @Claim({"ATK-138", "NET-1"})
    void whereTlsIsSpokenAtOnceToo(@TempDir Path folder) throws Exception {
        Certificates certificates = Served.certificates(folder);
        Optional<Tls> tls = Optional.of(new Tls(certificates));
        try (Listener listener = Served.guarded(guard, Served.limits(), tls, true, session)) {
            try (Socket stranger = Served.connect(listener)) {
                stranger.getOutputStream().write(HexFormat.of().parseHex(SIGNATURE + OF_192_0_2_7));
                closedWithoutAWord(stranger);
                toldOnce(listener, "127.0.0.1");
                assertThat(listener.status().handshakesFailed()).isZero();
            }
            try (Socket other = Served.connect(listener)) {
                other.getOutputStream().write("EHLO client.example\r\n".getBytes(US_ASCII));
                Soon.until(() -> listener.status().handshakesFailed() == 1);
            }
            try (SSLSocket client =
                    (SSLSocket)
                            Tls.trusting(certificates.authority())
                                    .getSocketFactory()
                                    .createSocket("localhost", listener.address().getPort())) {
                client.getOutputStream().write("NOOP\r\n".getBytes(US_ASCII));
                assertThat(client.getInputStream().read()).isEqualTo('2');
            }
            assertThat(told).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0D0A0D0A4E4F4F500D0A", "4E4F4F500D0A" + SIGNATURE})
    void whatOnlyBeginsLikeItOrComesLaterIsInput(String octets) throws Exception {
        try (Listener listener =
                        Served.guarded(guard, Served.limits(), Optional.empty(), false, session);
                Socket client = Served.connect(listener)) {
            client.getOutputStream().write(HexFormat.of().parseHex(octets));
            Soon.until(() -> lines.contains("NOOP"));
            assertThat(client.getInputStream().read()).isEqualTo('2');
            assertThat(listener.status().forged()).isZero();
            assertThat(told).isEmpty();
        }
    }

    @Test
    @Claim({"ATK-138", "ATK-115"})
    void aFloodIsToldOnceAMinuteAndAddressAndCounted() throws IOException {
        SimTime time = new SimTime();
        Guard counting = new Guard(time, told::add);
        for (int i = 0; i < 1_000; i++) {
            counting.forgedHeader("smtp", InetAddress.ofLiteral("192.0.2.7"));
            counting.forgedHeader("smtp", InetAddress.ofLiteral("2001:db8::" + i));
        }
        assertThat(told).as("an address and an IPv6 /64").hasSize(2);
        time.advance(Duration.ofMinutes(1));
        counting.forgedHeader("smtp", InetAddress.ofLiteral("192.0.2.7"));
        assertThat(told).hasSize(3);
        assertThat(told.stream().toList().getLast().facts()).containsEntry("untold", "1998");
        for (int i = 0; i < 10_000; i++) {
            String address = "10.1." + i / 250 + "." + (1 + i % 250);
            counting.forgedHeader("smtp", InetAddress.ofLiteral(address));
        }
        assertThat(told).as("64 a minute in all").hasSize(2 + 64);
    }

    private void toldOnce(Listener listener, String address) throws Exception {
        Soon.until(() -> listener.status().open() == 0);
        assertThat(listener.status().forged()).isEqualTo(1);
        assertThat(told).hasSize(1);
        assertThat(told.peek().type()).isEqualTo(EventType.PROXY_FORGED);
        assertThat(told.peek().address()).isEqualTo(InetAddress.ofLiteral(address));
        assertThat(told.peek().facts()).containsEntry("service", "test");
    }

    private static void closedWithoutAWord(Socket stranger) throws IOException {
        try {
            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // what it had sent wasn't read: the system says so
        }
    }
}
