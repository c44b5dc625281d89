package io.mailkeep.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import io.mailkeep.testing.sim.SimTime;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsPaceTest {
    /** Notes how long was waited. */
    private static final class Noting implements Time {
        private final SimTime time = new SimTime();
        private final List<Duration> waits = new CopyOnWriteArrayList<>();

        @Override
        public Instant instant() {
            return time.instant();
        }

        @Override
        public long nanos() {
            return time.nanos();
        }

        @Override
        public void sleep(Duration duration) {
            waits.add(duration);
        }
    }

    @Test
    @Claim({"NET-2", "ATK-140"})
    void whoBeginsTooManyHandshakesWaits() throws IOException {
        Noting time = new Noting();
        Guard guard = new Guard(time, _ -> {});
        for (int i = 0; i < 101; i++) {
            guard.awaitHandshake(InetAddress.ofLiteral("192.0.2.7"));
        }
        assertThat(time.waits.subList(0, 100)).containsOnly(Duration.ZERO);
        assertThat(time.waits.getLast()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    @Claim({"NET-2", "ATK-140"})
    void aListenerAsksBeforeEachHandshake(@TempDir Path folder) throws IOException {
        Noting time = new Noting();
        Guard guard = new Guard(time, _ -> {});
        Certificates certificates = Served.certificates(folder);
        Optional<Tls> tls = Optional.of(new Tls(certificates));
        Session session = connection -> connection.write("x");
        try (Listener listener = Served.guarded(guard, Served.limits(), tls, true, session);
                SSLSocket client =
                        (SSLSocket)
                                Tls.trusting(certificates.authority())
                                        .getSocketFactory()
                                        .createSocket("localhost", listener.address().getPort())) {
            assertThat(client.getInputStream().read()).isEqualTo('x');
            assertThat(time.waits).containsExactly(Duration.ZERO);
        }
    }
}
