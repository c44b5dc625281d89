package io.mailkeep.node.internal;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import io.mailkeep.net.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The web server's sockets, with what it lacks by itself: an end to a TLS hello and to a request
 * however little by little they come, and no more connections for an address than its share ({@code
 * ATK-139}). Its own limit is for silence alone, and starts anew with each octet.
 *
 * <p>Not protected: who has thousands of networks may still take all places; who fetches an answer
 * slowly, but does, has all the time there is.
 */
@Claim({"NET-2", "ATK-139"})
final class HttpEndpoint extends NioEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final Duration WATCH = Duration.ofMillis(500);

    private final HttpLimits limits;
    private final List<Network> proxies;
    private final Time time;
    private volatile Optional<Thread> watch = Optional.empty();

    /**
     * @param proxies whoever connects from here speaks for many and has no share of its own
     */
    HttpEndpoint(HttpLimits limits, List<Network> proxies, Time time) {
        this.limits = limits;
        this.proxies = List.copyOf(proxies);
        this.time = time;
        setMaxConnections(limits.connections());
        setConnectionTimeout(Math.toIntExact(limits.idle().toMillis()));
        setKeepAliveTimeout(Math.toIntExact(limits.idle().toMillis()));
    }

    /**
     * What a connection is at: a TLS hello, or a request since something was last written to the
     * client. Whoever fetches an answer comes on with each piece; silence is the server's own
     * limit.
     */
    private record Phase(boolean hello, long lastWritten) {}

    /** A phase and when it was first seen. */
    private record Since(Phase phase, long nanos) {}

    @Override
    public void startInternal() throws Exception {
        super.startInternal();
        watch = Optional.of(Thread.ofVirtual().name("https-watch").start(this::watch));
    }

    @Override
    public void stopInternal() {
        watch.ifPresent(Thread::interrupt);
        super.stopInternal();
    }

    /** Called by the one thread that accepts. */
    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        if (hasShare(socket)) {
            return super.setSocketOptions(socket);
        }
        // whoever calls closes only what has a wrapper, and would count this one for ever
        destroySocket(socket);
        return false;
    }

    private boolean hasShare(SocketChannel socket) {
        try {
            return hasShare(((InetSocketAddress) socket.getRemoteAddress()).getAddress());
        } catch (IOException gone) {
            return false;
        }
    }

    private boolean hasShare(InetAddress client) {
        if (proxies.stream().anyMatch(proxy -> proxy.contains(client))) {
            return true;
        }
        Network own = Network.ofOne(client);
        long open = getConnections().stream().filter(other -> isOf(own, other)).count();
        return open < limits.connectionsPerAddress();
    }

    private static boolean isOf(Network network, SocketWrapperBase<NioChannel> connection) {
        try {
            return connection.getSocket().getIOChannel().getRemoteAddress()
                            instanceof InetSocketAddress address
                    && network.contains(address.getAddress());
        } catch (IOException gone) {
            return false;
        }
    }

    private void watch() {
        Map<SocketWrapperBase<NioChannel>, Since> seen = new HashMap<>();
        try {
            while (true) {
                time.sleep(WATCH);
                look(seen);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Map<SocketWrapperBase<NioChannel>, Since> seen) {
        long now = time.nanos();
        seen.keySet().retainAll(getConnections());
        for (SocketWrapperBase<NioChannel> connection : getConnections()) {
            Phase phase = phase(connection);
            Since since =
                    seen.merge(
                            connection,
                            new Since(phase, now),
                            (before, fresh) -> before.phase().equals(phase) ? before : fresh);
            if (now - since.nanos() > limits.request().toNanos()) {
                LOG.atDebug().addKeyValue("hello", phase.hello()).log("a client took too long");
                end(connection);
            }
        }
    }

    private static Phase phase(SocketWrapperBase<NioChannel> connection) {
        boolean hello = !connection.getSocket().isHandshakeComplete();
        long lastWritten =
                connection instanceof NioSocketWrapper wrapper ? wrapper.getLastWrite() : 0;
        return new Phase(hello, lastWritten);
    }

    /**
     * Whoever reads or writes there finds the end and cleans up. Closing from here would give
     * buffers to another connection that are still in use.
     */
    private static void end(SocketWrapperBase<NioChannel> connection) {
        try {
            SocketChannel channel = connection.getSocket().getIOChannel();
            channel.shutdownInput();
            channel.shutdownOutput();
        } catch (IOException alreadyGone) {
            LOG.atDebug().log("a slow client was gone");
        }
    }
}
