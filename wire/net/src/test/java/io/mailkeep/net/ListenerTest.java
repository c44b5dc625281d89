package io.mailkeep.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.net.internal.Budget;
import io.mailkeep.testing.sim.Soon;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A listener keeps its clients apart and within limits")
class ListenerTest {
    private static final NetLimits HASTY =
            new NetLimits(10, 10, 50, Duration.ofMillis(300), Duration.ofSeconds(1), Served.SHORT);

    private static final Session HOLD =
            connection -> {
                connection.phase(Served.SHORT, Served.SHORT);
                connection.write("hello\r\n");
                if (connection.readLine(100) instanceof Line.End && connection.stopping()) {
                    connection.write("bye\r\n");
                }
            };

    @Test
    @Claim("ATK-140")
    void beyondTheLimitAClientIsToldAndCutAndAPlaceComesBack() throws Exception {
        NetLimits two =
                new NetLimits(
                        10, 2, 50, Served.SHORT, Duration.ofSeconds(1), Duration.ofSeconds(1));
        try (Listener listener = Served.plain(two, HOLD);
                Socket first = Served.connect(listener);
                Socket second = Served.connect(listener)) {
            assertThat(first.getInputStream().readNBytes(7)).asString().isEqualTo("hello\r\n");
            assertThat(second.getInputStream().readNBytes(7)).asString().isEqualTo("hello\r\n");
            try (Socket third = Served.connect(listener)) {
                assertThat(third.getInputStream().readAllBytes())
                        .asString()
                        .isEqualTo("421 busy\r\n");
            }
            assertThat(listener.status().refused()).isEqualTo(1);
            first.shutdownOutput();
            Soon.until(() -> listener.status().open() < 2);
            try (Socket fourth = Served.connect(listener)) {
                assertThat(fourth.getInputStream().readNBytes(7)).asString().isEqualTo("hello\r\n");
            }
        }
    }

    @Test
    @Claim({"ATK-140", "NET-1"})
    void whereTlsIsExpectedNothingIsSaidInPlainText(@TempDir Path folder) throws Exception {
        NetLimits one =
                new NetLimits(1, 1, 50, Served.SHORT, Duration.ofSeconds(1), Duration.ofSeconds(1));
        Tls tls = new Tls(Served.certificates(folder));
        try (Listener listener = Served.open(one, Optional.of(tls), true, HOLD);
                Socket first = Served.connect(listener);
                Socket second = Served.connect(listener)) {
            assertThat(second.getInputStream().readAllBytes()).isEmpty();
            assertThat(first.isConnected()).isTrue();
        }
    }

    @Test
    @Claim("ATK-141")
    void anIpv6NetworkOf64BitsCountsAsOneAddress() throws Exception {
        Budget budget = new Budget(limits(10, 1));
        assertThat(budget.take(InetAddress.getByName("2001:db8:0:1::1"))).isTrue();
        assertThat(budget.take(InetAddress.getByName("2001:db8:0:1:ffff::2"))).isFalse();
        assertThat(budget.take(InetAddress.getByName("2001:db8:0:2::1"))).isTrue();
        assertThat(budget.take(InetAddress.getByName("192.0.2.1"))).isTrue();
        assertThat(budget.take(InetAddress.getByName("192.0.2.2"))).isTrue();
        budget.give(InetAddress.getByName("2001:db8:0:1::9"));
        assertThat(budget.take(InetAddress.getByName("2001:db8:0:1:ffff::2"))).isTrue();
        assertThat(budget.count()).isEqualTo(4);
    }

    @Test
    @Claim({"ATK-141", "NET-2"})
    void noNetworkTakesMoreThanHalfOfThePlaces() throws Exception {
        for (String[] network :
                new String[][] {
                    {"192.0.2.", "198.51.100.1"},
                    {"2001:db8:7:", "2001:db8:8::1"}
                }) {
            Budget budget = new Budget(limits(20, 2));
            for (int place = 0; place < 10; place++) {
                assertThat(budget.take(of(network[0], place))).isTrue();
            }
            assertThat(budget.take(of(network[0], 10))).isFalse();
            assertThat(budget.take()).isTrue();
            assertThat(budget.assign(of(network[0], 10))).isFalse();
            budget.give();
            assertThat(budget.take(InetAddress.getByName(network[1]))).isTrue();
            budget.give(of(network[0], 3));
            assertThat(budget.take(of(network[0], 10))).isTrue();
            assertThat(budget.take(of(network[0], 11))).isFalse();
            assertThat(budget.count()).isEqualTo(11);
        }
    }

    /** In this network; each of IPv6 in a /64 of its own. */
    private static InetAddress of(String network, int number) throws Exception {
        return InetAddress.getByName(network + number + (network.contains(":") ? "::1" : ""));
    }

    private static NetLimits limits(int connections, int perAddress) {
        return new NetLimits(
                connections,
                perAddress,
                50,
                Served.SHORT,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
    }

    @Test
    void aSessionThatFailsHarmsNoOther() throws Exception {
        Session session =
                connection -> {
                    connection.phase(Served.SHORT, Served.SHORT);
                    if (connection.readLine(100) instanceof Line.Text text
                            && "fail".equals(text.utf8())) {
                        throw new IllegalStateException("as asked");
                    }
                    connection.write("fine\r\n");
                };
        try (Listener listener = Served.plain(Served.limits(), session);
                Socket good = Served.connect(listener)) {
            try (Socket bad = Served.connect(listener)) {
                bad.getOutputStream()
                        .write("fail\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(bad.getInputStream().read()).isEqualTo(-1);
            }
            good.getOutputStream()
                    .write("go on\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(good.getInputStream().readAllBytes()).asString().isEqualTo("fine\r\n");
        }
    }

    @Test
    void stoppingLetsAnIdleSessionSayGoodbyeThroughTlsToo(@TempDir Path folder) throws Exception {
        Certificates certificates = Served.certificates(folder);
        Listener listener =
                Served.open(Served.limits(), Optional.of(new Tls(certificates)), true, HOLD);
        try (SSLSocket client =
                (SSLSocket)
                        Tls.trusting(certificates.authority())
                                .getSocketFactory()
                                .createSocket("localhost", listener.address().getPort())) {
            client.setSoTimeout(10_000);
            assertThat(client.getInputStream().readNBytes(7)).asString().isEqualTo("hello\r\n");
            long before = System.nanoTime();
            listener.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Served.SHORT);
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("bye\r\n");
        }
    }

    @Test
    void stoppingWaitsForNobodyWhoHasLeftAndTakesNobodyMore() throws Exception {
        NetLimits patient =
                new NetLimits(
                        10, 10, 50, Served.SHORT, Duration.ofSeconds(1), Duration.ofSeconds(30));
        Listener listener = Served.plain(patient, HOLD);
        Served.connect(listener).close();
        Soon.until(() -> listener.status().accepted() == 1 && listener.status().open() == 0);
        long before = System.nanoTime();
        listener.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Served.SHORT);
        Soon.until(() -> refuses(listener));
    }

    /** The system may still take a client in the moment before the accepting thread has gone. */
    private static boolean refuses(Listener listener) {
        try {
            Served.connect(listener).close();
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException other) {
            return false;
        }
    }

    @Test
    @Claim("NET-1")
    void noTlsPortIsOpenedWithoutTls() {
        assertThatThrownBy(() -> Served.open(Served.limits(), Optional.empty(), true, HOLD))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A session that writes to a client who doesn't read, whatever its server does. */
    private static final class Stubborn implements Session {
        private final CountDownLatch running = new CountDownLatch(1);

        @Override
        public void run(Connection connection) throws IOException {
            running.countDown();
            connection.phase(Duration.ofMinutes(5), Duration.ofMinutes(5));
            connection.write(new byte[64 << 20]);
        }

        void isCut(Listener listener, Duration within) throws InterruptedException {
            assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();
            Thread closing = Thread.ofVirtual().start(listener::close);
            assertThat(closing.join(within)).isTrue();
            Soon.until(() -> listener.status().open() == 0);
        }
    }

    @Test
    @Claim("ATK-139")
    void aSessionThatDoesNotEndIsCutAfterTheGrace() throws Exception {
        Stubborn stubborn = new Stubborn();
        Listener listener = Served.plain(Served.limits(), stubborn);
        try (Socket client = Served.connect(listener)) {
            assertThat(client.isConnected()).isTrue();
            stubborn.isCut(listener, Duration.ofSeconds(5));
        }
    }

    @Test
    @Claim("ATK-139")
    void itIsCutInsideTlsToo(@TempDir Path folder) throws Exception {
        Stubborn stubborn = new Stubborn();
        Certificates certificates = Served.certificates(folder);
        Listener listener =
                Served.open(Served.limits(), Optional.of(new Tls(certificates)), true, stubborn);
        try (SSLSocket client =
                (SSLSocket)
                        Tls.trusting(certificates.authority())
                                .getSocketFactory()
                                .createSocket("localhost", listener.address().getPort())) {
            client.startHandshake();
            stubborn.isCut(listener, Duration.ofSeconds(8));
        }
    }

    @Test
    @Claim("ATK-139")
    void aClientThatTricklesAHandshakeIsCut(@TempDir Path folder) throws Exception {
        Tls tls = new Tls(Served.certificates(folder));
        try (Listener listener = Served.open(HASTY, Optional.of(tls), true, HOLD);
                Socket client = Served.connect(listener)) {
            client.setSoTimeout(3_000);
            client.getOutputStream().write(0x16);
            assertThat(client.getInputStream().readAllBytes().length).isLessThan(50);
            // Closed first, counted a moment later.
            Soon.until(() -> listener.status().open() == 0);
            assertThat(listener.status().handshakesFailed()).isEqualTo(1);
        }
    }

    @Test
    @Claim("FLT-36")
    void whileManyHandshakesAreUnderWayEachMayTakeLonger(@TempDir Path folder) throws Exception {
        Tls tls = new Tls(Served.certificates(folder));
        for (int i = 0; i < 1_000; i++) {
            tls.begin();
        }
        try (Listener listener = Served.open(HASTY, Optional.of(tls), true, HOLD);
                Socket client = Served.connect(listener)) {
            client.setSoTimeout(2_000);
            client.getOutputStream().write(0x16);
            InputStream in = client.getInputStream();
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        }
        for (int i = 0; i < 1_000; i++) {
            tls.end();
        }
        assertThat(tls.begin())
                .as("whoever is gone counts no more")
                .isLessThan(Duration.ofMillis(50));
    }
}
