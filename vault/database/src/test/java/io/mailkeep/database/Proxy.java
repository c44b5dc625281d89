package io.mailkeep.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands between a pool and the server, and can swallow answers: a cut at the worst moment. */
final class Proxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicBoolean oneLost = new AtomicBoolean();
    private volatile boolean answersLost;

    Proxy(DatabaseLocation.External behind) throws IOException {
        Matcher port = Pattern.compile(":(\\d+)/").matcher(behind.url());
        if (!port.find()) {
            throw new IllegalArgumentException(behind.url());
        }
        this.target = Integer.parseInt(port.group(1));
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The same database, through here. */
    DatabaseLocation.External location(DatabaseLocation.External behind) {
        return new DatabaseLocation.External(
                behind.url().replace(":" + target + "/", ":" + listener.getLocalPort() + "/"),
                behind.owner(),
                behind.password());
    }

    /** From now on what is sent arrives, and each answer ends its connection instead. */
    void loseAnswers(boolean lose) {
        answersLost = lose;
    }

    /** The next answer ends its connection instead. */
    void loseOneAnswer() {
        oneLost.set(true);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(client, server));
                Thread.ofVirtual().start(() -> pump(client, server, false));
                Thread.ofVirtual().start(() -> pump(server, client, true));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[1 << 14];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                if (answers && (answersLost || oneLost.getAndSet(false))) {
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException cut) {
            return;
        }
    }
}
