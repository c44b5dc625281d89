package io.mailkeep.net;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.net.internal.Budget;
import io.mailkeep.net.internal.ForgedHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts clients of one service, each in a virtual thread of its own, within {@link NetLimits}.
 *
 * <p>A client beyond the limits is told so and cut before it costs a thread. Behind a named proxy
 * it costs one until the proxy has said who it is; only then can it be counted by its address. A
 * session that throws harms no other ({@code NET-2}).
 */
@Claim({"NET-2", "ATK-138", "ATK-139", "ATK-140"})
public final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final Duration WATCH = Duration.ofMillis(500);

    private final ListenerSettings settings;
    private final Optional<Tls> tls;
    private final NetLimits limits;
    private final Guard guard;
    private final Time time;
    private final Randomness randomness;
    private final Session session;
    private final ServerSocket server;
    private final Budget budget;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong handshakesFailed = new AtomicLong();
    private final AtomicLong injected = new AtomicLong();
    private final AtomicLong unproxied = new AtomicLong();
    private final AtomicLong forged = new AtomicLong();
    private final AtomicLong overdue = new AtomicLong();
    private volatile boolean closed;

    private Listener(
            ListenerSettings settings,
            Optional<Tls> tls,
            NetLimits limits,
            Guard guard,
            Time time,
            Randomness randomness,
            Session session)
            throws IOException {
        this.settings = settings;
        this.tls = tls;
        this.limits = limits;
        this.guard = guard;
        this.time = time;
        this.randomness = randomness;
        this.session = session;
        this.budget = new Budget(limits);
        this.server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(settings.address(), limits.backlog());
        } catch (IOException taken) {
            server.close();
            throw taken;
        }
    }

    /**
     * Listens from now on.
     *
     * @param guard one for all listeners of a node
     * @throws IOException when the address can't be had
     */
    public static Listener open(
            ListenerSettings settings,
            Optional<Tls> tls,
            NetLimits limits,
            Guard guard,
            Time time,
            Randomness randomness,
            Session session)
            throws IOException {
        if (settings.implicitTls() && tls.isEmpty()) {
            throw new IllegalArgumentException("implicit TLS without TLS");
        }
        Listener listener = new Listener(settings, tls, limits, guard, time, randomness, session);
        Thread.ofVirtual().name(settings.name() + "-accept").start(listener::acceptAll);
        Thread.ofVirtual().name(settings.name() + "-watch").start(listener::watch);
        return listener;
    }

    /** Where it listens, with the port that was taken. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** What it has seen so far. */
    public ListenerStatus status() {
        return new ListenerStatus(
                budget.count(),
                accepted.get(),
                refused.get(),
                handshakesFailed.get(),
                injected.get(),
                unproxied.get(),
                forged.get(),
                overdue.get());
    }

    /**
     * Takes no more clients, lets running commands finish for the grace of the limits, and cuts
     * what is left.
     */
    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException alreadyGone) {
            LOG.atDebug().addKeyValue("service", settings.name()).log("listener was gone");
        }
        open.forEach(Connection::stop);
        long end = time.nanos() + limits.stopGrace().toNanos();
        try {
            while (!open.isEmpty() && time.nanos() < end) {
                time.sleep(Duration.ofMillis(20));
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        open.forEach(Connection::cut);
    }

    private void acceptAll() {
        long pauseMillis = 0;
        while (!closed) {
            try {
                begin(server.accept());
                pauseMillis = 0;
            } catch (IOException failed) {
                // Out of file descriptors, most likely: trying again at once would only burn time.
                pauseMillis = Math.min(1_000, Math.max(50, pauseMillis * 2));
                if (!closed) {
                    LOG.atWarn()
                            .addKeyValue("service", settings.name())
                            .addKeyValue("pauseMillis", pauseMillis)
                            .log("a client couldn't be accepted: {}", failed.getMessage());
                    pause(Duration.ofMillis(pauseMillis));
                }
            }
        }
    }

    private void begin(Socket socket) {
        InetAddress peer = socket.getInetAddress();
        boolean proxied = settings.proxies().stream().anyMatch(from -> from.contains(peer));
        if (!(proxied ? budget.take() : budget.take(peer))) {
            refused.incrementAndGet();
            turnAway(socket);
            return;
        }
        try {
            Connection connection = new Connection(socket, tls, limits, guard, time, randomness);
            open.add(connection);
            long number = accepted.incrementAndGet();
            Thread.ofVirtual()
                    .name(settings.name() + "-" + number)
                    .start(() -> serve(connection, socket, proxied));
        } catch (IOException | RuntimeException | OutOfMemoryError failed) {
            give(!proxied, peer);
            LOG.atWarn().addKeyValue("service", settings.name()).log("a client was lost", failed);
            closeQuietly(socket);
        }
    }

    private void serve(Connection connection, Socket socket, boolean proxied) {
        boolean counted = !proxied;
        try {
            if (proxied) {
                connection.readProxyHeader();
                counted = budget.assign(connection.remoteAddress());
                if (!counted) {
                    refused.incrementAndGet();
                    turnAway(socket);
                    return;
                }
            }
            if (settings.implicitTls()) {
                connection.handshakeAtOnce();
            }
            session.run(connection);
        } catch (ProxyRefused failed) {
            unproxied.incrementAndGet();
            LOG.atDebug().addKeyValue("service", settings.name()).log("no PROXY header");
        } catch (ForgedHeader stranger) {
            connection.cut();
            forged.incrementAndGet();
            guard.forgedHeader(settings.name(), connection.remoteAddress());
        } catch (TlsFailed failed) {
            handshakesFailed.incrementAndGet();
            LOG.atDebug().addKeyValue("service", settings.name()).log("TLS handshake failed");
        } catch (IOException gone) {
            LOG.atDebug().addKeyValue("service", settings.name()).log("connection ended");
        } catch (RuntimeException | Error defect) {
            LOG.atError().addKeyValue("service", settings.name()).log("session failed", defect);
        } finally {
            if (connection.droppedPlaintext() > 0) {
                injected.incrementAndGet();
            }
            connection.close();
            open.remove(connection);
            give(counted, connection.remoteAddress());
        }
    }

    private void give(boolean counted, InetAddress address) {
        if (counted) {
            budget.give(address);
        } else {
            budget.give();
        }
    }

    /** One write into an empty buffer of the system: it doesn't wait for the client. */
    private void turnAway(Socket socket) {
        try {
            if (!settings.implicitTls()) {
                socket.getOutputStream().write(settings.busy().getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException gone) {
            LOG.atDebug().addKeyValue("service", settings.name()).log("refused client was gone");
        } finally {
            closeQuietly(socket);
        }
    }

    private void watch() {
        while (!closed) {
            for (Connection connection : open) {
                if (connection.overdue()) {
                    overdue.incrementAndGet();
                    connection.cut();
                }
            }
            pause(WATCH);
        }
    }

    private void pause(Duration duration) {
        try {
            time.sleep(duration);
        } catch (InterruptedException stop) {
            closed = true;
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            LOG.atDebug().log("socket was gone");
        }
    }
}
