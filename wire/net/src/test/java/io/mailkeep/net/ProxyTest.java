package io.mailkeep.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.Soon;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol, version 2, octet by octet. */
@DisplayName("Behind a named proxy a client is who the proxy says, and nobody else's word counts")
class ProxyTest {
    private static final String SIGNATURE = "0D0A0D0A000D0A515549540A";
    private static final String V4 = "C0000207C633640115B30019";
    private static final String V6 =
            "20010DB8000000000000000000000007" + "20010DB8000000000000000000000001" + "15B30019";
    private static final Duration SHORT = Duration.ofSeconds(10);

    /** Says who the client is and gives a line back. */
    private static final Session ECHO =
            connection -> {
                connection.phase(SHORT, SHORT);
                connection.write(connection.remoteAddress().getHostAddress() + "\r\n");
                connection.flush();
                while (connection.readLine(1_000) instanceof Line.Text text) {
                    if ("STARTTLS".equals(text.octets())) {
                        connection.startTls("go\r\n");
                    } else {
                        connection.write(text.octets() + "\r\n");
                    }
                }
                connection.drain(SHORT);
            };

    /** A header of this command, family, and addresses with what follows them. */
    private static byte[] header(int command, int family, String rest) {
        return HexFormat.of()
                .parseHex(
                        SIGNATURE
                                + HexFormat.of().toHexDigits((byte) command)
                                + HexFormat.of().toHexDigits((byte) family)
                                + HexFormat.of().toHexDigits((short) (rest.length() / 2))
                                + rest);
    }

    /** Of a client at 192.0.2.{@code last}. */
    private static byte[] client(int last) {
        return header(
                0x21, 0x11, "C00002" + HexFormat.of().toHexDigits((byte) last) + V4.substring(8));
    }

    private static byte[] and(byte[] header, String more) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(header);
        both.writeBytes(more.getBytes(US_ASCII));
        return both.toByteArray();
    }

    private static Listener listener(NetLimits limits) throws IOException {
        return Served.behindProxies(limits, Optional.empty(), false, ECHO);
    }

    private static String line(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int one = in.read(); one >= 0 && one != '\n'; one = in.read()) {
            line.append((char) one);
        }
        return line.toString().strip();
    }

    @ParameterizedTest
    @CsvSource({
        "33, 17, " + V4 + ", 192.0.2.7",
        "33, 33, " + V6 + ", 2001:db8:0:0:0:0:0:7",
        "33, 17, " + V4 + "04000301020303000101, 192.0.2.7",
        "33, 33, 00000000000000000000FFFFC0000207" + V6 + ", 192.0.2.7",
        "32, 0, '', 127.0.0.1",
        "32, 17, " + V4 + ", 127.0.0.1",
        "32, 49, FFFF, 127.0.0.1"
    })
    void theAddressIsTheHeadersOrForLocalTheSockets(
            int command, int family, String rest, String address) throws IOException {
        try (Listener listener = listener(Served.limits());
                Socket proxy = Served.connect(listener)) {
            proxy.getOutputStream().write(and(header(command, family, rest), "first\r\nmore\r\n"));
            assertThat(line(proxy)).isEqualTo(address);
            assertThat(line(proxy)).isEqualTo("first");
            assertThat(line(proxy)).isEqualTo("more");
            assertThat(listener.status().unproxied()).isZero();
        }
    }

    @Test
    void aHeaderMayComeInPieces() throws Exception {
        try (Listener listener = listener(Served.limits());
                Socket proxy = Served.connect(listener)) {
            proxy.setTcpNoDelay(true);
            for (byte one : and(client(7), "first\r\n")) {
                proxy.getOutputStream().write(one);
                TimeUnit.MILLISECONDS.sleep(2);
            }
            assertThat(line(proxy)).isEqualTo("192.0.2.7");
            assertThat(line(proxy)).isEqualTo("first");
        }
    }

    @ParameterizedTest
    @CsvSource({"536, true", "537, false"})
    @Claim({"NET-2", "ATK-138"})
    void aHeaderHasAtMost536Octets(int octets, boolean taken) throws Exception {
        String rest = V4 + "00".repeat(octets - 16 - V4.length() / 2);
        try (Listener listener = listener(Served.limits());
                Socket proxy = Served.connect(listener)) {
            proxy.getOutputStream().write(header(0x21, 0x11, rest));
            if (taken) {
                assertThat(line(proxy)).isEqualTo("192.0.2.7");
            } else {
                closedWithoutAWord(listener, proxy);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "version 1's text, 50524F58592054435034203139322E302E322E37203139382E35312E3130302E310D0A",
        "a client that speaks at once, 45484C4F20636C69656E742E6578616D706C650D0A",
        "one bit of the signature, 0D0A0D0A000D0A515549540B2111000C" + V4,
        "version 1 in binary, " + SIGNATURE + "1111000C" + V4,
        "version 3, " + SIGNATURE + "3111000C" + V4,
        "command 2, " + SIGNATURE + "2211000C" + V4,
        "UDP over IPv4, " + SIGNATURE + "2112000C" + V4,
        "UDP over IPv6, " + SIGNATURE + "21220024" + V6,
        "a UNIX socket, " + SIGNATURE + "213100D8" + V6 + V6 + V6 + V6 + V6 + V6,
        "no family, " + SIGNATURE + "21000000",
        "TCP of no family, " + SIGNATURE + "2101000C" + V4,
        "family 4, " + SIGNATURE + "2141000C" + V4,
        "shorter than IPv4 addresses, " + SIGNATURE + "2111000B" + V4,
        "shorter than IPv6 addresses, " + SIGNATURE + "2121000C" + V4,
        "a length without end, " + SIGNATURE + "2111FFFF" + V4,
    })
    @Claim({"NET-2", "ATK-138"})
    void anythingElseIsClosedWithoutAWord(String what, String octets) throws Exception {
        try (Listener listener = listener(Served.limits());
                Socket proxy = Served.connect(listener)) {
            proxy.getOutputStream().write(HexFormat.of().parseHex(octets));
            closedWithoutAWord(listener, proxy);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 15, 16, 27})
    @Claim("NET-2")
    void aHeaderThatDoesNotComeIsNotWaitedForLong(int octets) throws Exception {
        NetLimits hasty =
                new NetLimits(10, 10, 50, Duration.ofMillis(300), Duration.ofSeconds(1), SHORT);
        try (Listener listener = listener(hasty);
                Socket silent = Served.connect(listener);
                Socket gone = Served.connect(listener)) {
            // before the watch would cut it, which comes later and is for those who don't read
            silent.setSoTimeout(4_000);
            silent.getOutputStream().write(client(7), 0, octets);
            gone.getOutputStream().write(client(7), 0, octets);
            gone.shutdownOutput();
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(gone.getInputStream().read()).isEqualTo(-1);
            Soon.until(() -> listener.status().unproxied() == 2);
            Soon.until(() -> listener.status().open() == 0);
        }
    }

    @Test
    @Claim({"NET-2", "ATK-139"})
    void aTrickledHeaderIsNotWaitedForLongEither() throws Exception {
        NetLimits hasty =
                new NetLimits(10, 10, 50, Duration.ofMillis(300), Duration.ofSeconds(1), SHORT);
        try (Listener listener = listener(hasty);
                Socket slow = Served.connect(listener)) {
            Thread trickle =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (OutputStream out = slow.getOutputStream()) {
                                    for (byte one : client(7)) {
                                        out.write(one);
                                        TimeUnit.MILLISECONDS.sleep(100);
                                    }
                                } catch (IOException | InterruptedException cut) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            Soon.until(() -> listener.status().unproxied() == 1);
            assertThat(trickle.isAlive()).as("it would have gone on").isTrue();
        }
    }

    private static void closedWithoutAWord(Listener listener, Socket proxy) throws Exception {
        try {
            assertThat(proxy.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // what it had sent wasn't read: the system says so
        }
        Soon.until(() -> listener.status().unproxied() == 1);
        Soon.until(() -> listener.status().open() == 0);
    }

    @Test
    @Claim("NET-1")
    void tlsBeginsBehindTheHeader(@TempDir Path folder) throws Exception {
        Certificates certificates = Served.certificates(folder);
        Optional<Tls> tls = Optional.of(new Tls(certificates));
        try (Listener listener = Served.behindProxies(Served.limits(), tls, true, ECHO);
                Socket proxy = Served.connect(listener)) {
            proxy.getOutputStream().write(client(7));
            secured(certificates, proxy, "192.0.2.7");
        }
        try (Listener listener = Served.behindProxies(Served.limits(), tls, false, ECHO);
                Socket proxy = Served.connect(listener)) {
            proxy.getOutputStream().write(and(client(8), "STARTTLS\r\n"));
            assertThat(line(proxy)).isEqualTo("192.0.2.8");
            assertThat(line(proxy)).isEqualTo("go");
            secured(certificates, proxy, "x");
            assertThat(listener.status().injected()).isZero();
        }
    }

    private static void secured(Certificates certificates, Socket proxy, String first)
            throws IOException {
        SSLSocket client =
                (SSLSocket)
                        Tls.trusting(certificates.authority())
                                .getSocketFactory()
                                .createSocket(proxy, "localhost", proxy.getPort(), true);
        client.startHandshake();
        client.getOutputStream().write("x\r\n".getBytes(US_ASCII));
        assertThat(line(client)).isEqualTo(first);
    }

    @Test
    @Claim({"NET-2", "ATK-140", "ATK-141"})
    void eachClientHasItsOwnBudgetAndTheProxyTheListenersWhole() throws Exception {
        NetLimits narrow = new NetLimits(5, 2, 50, SHORT, Duration.ofSeconds(1), SHORT);
        try (Listener listener = listener(narrow);
                Socket one = Served.connect(listener);
                Socket two = Served.connect(listener);
                Socket three = Served.connect(listener);
                Socket other = Served.connect(listener)) {
            one.getOutputStream().write(client(7));
            two.getOutputStream().write(client(7));
            assertThat(line(one)).isEqualTo("192.0.2.7");
            assertThat(line(two)).isEqualTo("192.0.2.7");
            three.getOutputStream().write(client(7));
            assertThat(line(three)).isEqualTo("421 busy");
            assertThat(three.getInputStream().read()).isEqualTo(-1);
            other.getOutputStream().write(client(8));
            assertThat(line(other)).isEqualTo("192.0.2.8");
            Soon.until(() -> listener.status().open() == 3);
            try (Socket fourth = Served.connect(listener);
                    Socket fifth = Served.connect(listener);
                    Socket sixth = Served.connect(listener)) {
                assertThat(line(sixth)).as("without a word of a header").isEqualTo("421 busy");
                fourth.getOutputStream().write(header(0x20, 0, ""));
                fifth.getOutputStream().write(header(0x20, 0, ""));
                assertThat(line(fourth)).isEqualTo("127.0.0.1");
                assertThat(line(fifth)).isEqualTo("127.0.0.1");
            }
            one.shutdownOutput();
            Soon.until(() -> listener.status().open() == 2);
            try (Socket again = Served.connect(listener)) {
                again.getOutputStream().write(client(7));
                assertThat(line(again)).isEqualTo("192.0.2.7");
            }
            assertThat(listener.status().refused()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.128/25, 192.0.2.129, true",
        "192.0.2.129/25, 192.0.2.200, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "10.0.0.0/8, 10.255.255.255, true",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "::/1, 127.0.0.1, false",
        "127.0.0.1, ::1, false"
    })
    void aNetworkHoldsItsAddresses(String network, String address, boolean holds)
            throws IOException {
        assertThat(Network.parse(network).orElseThrow().contains(InetAddress.getByName(address)))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "proxy.example",
                "1",
                "127.1",
                "192.0.2.256",
                "192.0.2.1/0",
                "192.0.2.1/33",
                "192.0.2.1/",
                "192.0.2.1/-1",
                "::/0",
                "::/129",
                ":",
                "fe80::1%eth0",
                "192.0.2.1 ",
                "192.0.2.1/24/24",
                "0x7f000001"
            })
    void noNetworkIsEmptyAndNothingIsLookedUp(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }
}
