package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network that is bad between a client and a server on this machine, in a way that can change.
 */
final class FaultyProxy implements AutoCloseable {
    /** How it is bad. */
    enum Mood {
        /** Not at all. */
        FINE,
        /** What arrives is passed on 100 ms later. */
        DELAYED,
        /** The first octets of each block come one by one. */
        SPLIT,
        /** Now and then nothing passes for three seconds. */
        STALLED,
        /** About 100 kB a second pass. */
        NARROW,
        /** Now and then a connection is reset in the middle. */
        RESET
    }

    private static final int BLOCK_OCTETS = 16 * 1024;
    private static final int SELDOM = 40;

    private final ServerSocket listener;
    private final int target;
    private final Randomness randomness;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Mood mood = Mood.FINE;

    /** Listens on loopback and passes on to this port there. */
    FaultyProxy(int target, Randomness randomness) throws IOException {
        this.target = target;
        this.randomness = randomness;
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void mood(Mood now) {
        mood = now;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                for (Socket one : List.of(client, server)) {
                    one.setTcpNoDelay(true);
                    sockets.add(one);
                }
                Thread.ofVirtual().start(() -> pump(client, server));
                Thread.ofVirtual().start(() -> pump(server, client));
            }
        } catch (IOException closed) {
            // the end, or a server that isn't there: its client sees the same
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] block = new byte[BLOCK_OCTETS];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(block); n > 0; n = in.read(block)) {
                pass(block, n, to, out);
            }
        } catch (IOException cut) {
            // as cables do
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void pass(byte[] block, int octets, Socket to, OutputStream out)
            throws IOException, InterruptedException {
        Mood now = mood;
        switch (now) {
            case FINE -> {}
            case DELAYED -> Time.system().sleep(Duration.ofMillis(100));
            case STALLED -> {
                if (seldom()) {
                    Time.system().sleep(Duration.ofSeconds(3));
                }
            }
            case NARROW -> Time.system().sleep(Duration.ofMillis(Math.max(1, octets / 100)));
            case RESET -> {
                if (seldom()) {
                    out.write(block, 0, octets / 2);
                    to.setSoLinger(true, 0);
                    throw new IOException("reset");
                }
            }
            case SPLIT -> {
                int at = 0;
                // all of a large block would take for ever
                for (; at < Math.min(octets, 300); at++) {
                    out.write(block, at, 1);
                }
                out.write(block, at, octets - at);
                return;
            }
        }
        out.write(block, 0, octets);
    }

    private synchronized boolean seldom() {
        return randomness.below(SELDOM) == 0;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
