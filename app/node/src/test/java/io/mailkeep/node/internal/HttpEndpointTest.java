package io.mailkeep.node.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.net.AuthorityKey;
import io.mailkeep.net.Certificates;
import io.mailkeep.net.Network;
import io.mailkeep.testing.client.Trust;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A slow client of HTTPS is cut in a minute, and an address has its share")
@Claim({"NET-2", "ATK-139"})
class HttpEndpointTest {
    private static final Duration REQUEST = Duration.ofSeconds(3);
    private static final HttpLimits HASTY = new HttpLimits(50, 3, Duration.ofSeconds(8), REQUEST);
    private static final HttpLimits PATIENT =
            new HttpLimits(50, 3, Duration.ofMinutes(1), Duration.ofMinutes(1));

    @TempDir Path temp;
    private final Tomcat tomcat = new Tomcat();
    private final List<Socket> open = new ArrayList<>();
    private int port;

    /** Reads what it is sent and says how much that was. */
    private static final class Counting extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse answer)
                throws IOException {
            int octets = request.getInputStream().readAllBytes().length;
            answer.getOutputStream().print(octets + " octets");
        }
    }

    private void start(HttpLimits limits, List<Network> proxies) throws Exception {
        Certificates.own(temp, "localhost", new Vault(), Time.system(), Randomness.system());
        Path pem = temp.resolve("server.pem");
        TlsConnector connector =
                new TlsConnector(
                        4,
                        "TLSv1.3",
                        TlsConnector.read(pem, pem),
                        new HttpEndpoint(limits, proxies, Time.system()));
        connector.connector().setPort(0);
        tomcat.setBaseDir(temp.resolve("tomcat").toString());
        tomcat.setConnector(connector.connector());
        Context context = tomcat.addContext("", temp.toString());
        Tomcat.addServlet(context, "counting", new Counting()).addMapping("/");
        tomcat.start();
        port = connector.connector().getLocalPort();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket one : open) {
            one.close();
        }
        tomcat.stop();
        tomcat.destroy();
    }

    private static final class Vault implements AuthorityKey {
        @Override
        public Optional<Secret> load() {
            return Optional.empty();
        }

        @Override
        public void store(Secret key) {
            key.close();
        }
    }

    private Socket raw() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        open.add(socket);
        return socket;
    }

    private Socket tls() throws IOException {
        Socket socket =
                Trust.in(temp.resolve("ca.pem"))
                        .getSocketFactory()
                        .createSocket(raw(), "localhost", port, true);
        ((javax.net.ssl.SSLSocket) socket).startHandshake();
        return socket;
    }

    /** An octet each half second, which is never idle: how long that was borne. */
    private static Duration trickle(Socket socket, byte[] octets) throws Exception {
        long begun = Time.system().nanos();
        socket.setTcpNoDelay(true);
        Thread slowly =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                OutputStream out = socket.getOutputStream();
                                for (byte one : octets) {
                                    out.write(one);
                                    out.flush();
                                    TimeUnit.MILLISECONDS.sleep(500);
                                }
                            } catch (IOException | InterruptedException cut) {
                                Thread.currentThread().interrupt();
                            }
                        });
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException borne) {
            throw new AssertionError("it was borne", borne);
        } catch (IOException reset) {
            // as good an end as another
        }
        slowly.interrupt();
        return Duration.ofNanos(Time.system().nanos() - begun);
    }

    @Test
    void aHelloAHeaderAndABodyThatTrickleAreCut() throws Exception {
        start(HASTY, List.of());
        byte[] hello = new byte[600];
        System.arraycopy(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3}, 0, hello, 0, 11);
        assertThat(trickle(raw(), hello)).isBetween(REQUEST, REQUEST.multipliedBy(2));
        byte[] header = ("GET / HTTP/1.1\r\nX: " + "x".repeat(600)).getBytes(US_ASCII);
        assertThat(trickle(tls(), header)).isBetween(REQUEST, REQUEST.multipliedBy(2));
        Socket body = tls();
        body.getOutputStream().write(post(600).getBytes(US_ASCII));
        assertThat(trickle(body, new byte[600])).isBetween(REQUEST, REQUEST.multipliedBy(2));
    }

    @Test
    void whoAsksAgainAndAgainIsNotCut() throws Exception {
        start(HASTY, List.of());
        Socket client = tls();
        for (int i = 0; i < 6; i++) {
            client.getOutputStream().write((post(5) + "hello").getBytes(US_ASCII));
            byte[] answer = new byte[2_000];
            int count = client.getInputStream().read(answer);
            assertThat(new String(answer, 0, count, US_ASCII)).startsWith("HTTP/1.1 200");
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static String post(int octets) {
        return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + octets + "\r\n\r\n";
    }

    @Test
    void anAddressHasItsShareAndGetsItBack() throws Exception {
        start(PATIENT, List.of());
        List<Socket> mine = List.of(tls(), tls(), tls());
        assertThat(refused()).isTrue();
        mine.getFirst().close();
        assertThat(isServedSoon()).as("one of three places is free again").isTrue();
        assertThat(refused()).as("and only that one was").isTrue();
    }

    /** A turned away connection must not count, or turning away would fill the places. */
    @Test
    void whoIsTurnedAwayTakesNoPlace() throws Exception {
        start(new HttpLimits(10, 3, Duration.ofMinutes(1), Duration.ofMinutes(1)), List.of());
        List<Socket> mine = List.of(tls(), tls(), tls());
        for (int i = 0; i < 30; i++) {
            assertThat(refused()).isTrue();
        }
        mine.getFirst().close();
        assertThat(isServedSoon()).isTrue();
    }

    @Test
    void aNamedProxySpeaksForMany() throws Exception {
        start(PATIENT, List.of(Network.parse("127.0.0.0/8").orElseThrow()));
        for (int i = 0; i < 10; i++) {
            assertThat(refused()).isFalse();
        }
    }

    private boolean isServedSoon() throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            if (!refused()) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return false;
    }

    private boolean refused() {
        try {
            tls();
            return false;
        } catch (SocketTimeoutException ignored) {
            throw new AssertionError("neither served nor refused", ignored);
        } catch (IOException cut) {
            return true;
        }
    }
}
