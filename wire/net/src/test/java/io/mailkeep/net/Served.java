package io.mailkeep.net;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A listener on a free port of the loopback address, for tests. */
final class Served {
    static final Duration SHORT = Duration.ofSeconds(10);

    private Served() {}

    /** An authority's key that is kept in memory. */
    static final class Vault implements AuthorityKey {
        private Optional<Secret> key = Optional.empty();

        @Override
        public Optional<Secret> load() {
            return key.map(secret -> Secret.owning(secret.exposeSecretBytes()));
        }

        @Override
        public void store(Secret secret) {
            key = Optional.of(Secret.owning(secret.exposeSecretBytes()));
        }

        void lose() {
            key = Optional.empty();
        }
    }

    static NetLimits limits() {
        return new NetLimits(
                100, 50, 50, Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    static Certificates certificates(Path folder) throws IOException {
        return Certificates.own(
                folder, "mail.example.test", new Vault(), Time.system(), Randomness.system());
    }

    static Listener plain(NetLimits limits, Session session) throws IOException {
        return open(limits, Optional.empty(), false, session);
    }

    static Listener open(NetLimits limits, Optional<Tls> tls, boolean implicit, Session session)
            throws IOException {
        return open(limits, tls, implicit, Time.system(), session);
    }

    /** TLS by STARTTLS, and time of the test's. */
    static Listener open(NetLimits limits, Tls tls, Time time, Session session) throws IOException {
        return open(limits, Optional.of(tls), false, time, session);
    }

    /** Whoever connects is a named proxy. */
    static Listener behindProxies(
            NetLimits limits, Optional<Tls> tls, boolean implicit, Session session)
            throws IOException {
        List<Network> everybody =
                List.of(
                        Network.parse("192.0.2.1").orElseThrow(),
                        Network.parse("127.0.0.0/8").orElseThrow());
        return open(limits, silent(), tls, implicit, Time.system(), session, everybody);
    }

    private static Listener open(
            NetLimits limits, Optional<Tls> tls, boolean implicit, Time time, Session session)
            throws IOException {
        List<Network> others = List.of(Network.parse("192.0.2.0/24").orElseThrow());
        return open(limits, silent(), tls, implicit, time, session, others);
    }

    private static Guard silent() {
        return new Guard(Time.system(), _ -> {});
    }

    /** Guarded by the test's own; no proxies. */
    static Listener guarded(
            Guard guard, NetLimits limits, Optional<Tls> tls, boolean implicit, Session session)
            throws IOException {
        return open(limits, guard, tls, implicit, Time.system(), session, List.of());
    }

    /** The same, where everybody is a named proxy. */
    static Listener guardedBehindProxies(Guard guard, Session session) throws IOException {
        List<Network> everybody = List.of(Network.parse("127.0.0.0/8").orElseThrow());
        return open(limits(), guard, Optional.empty(), false, Time.system(), session, everybody);
    }

    private static Listener open(
            NetLimits limits,
            Guard guard,
            Optional<Tls> tls,
            boolean implicit,
            Time time,
            Session session,
            List<Network> proxies)
            throws IOException {
        return Listener.open(
                new ListenerSettings(
                        "test",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        implicit,
                        "421 busy\r\n",
                        proxies),
                tls,
                limits,
                guard,
                time,
                Randomness.system(),
                session);
    }

    static Socket connect(Listener listener) throws IOException {
        Socket socket = new Socket();
        socket.connect(listener.address(), 5_000);
        socket.setSoTimeout(10_000);
        return socket;
    }
}
