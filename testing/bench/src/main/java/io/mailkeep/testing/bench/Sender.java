package io.mailkeep.testing.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A sending server as busy ones are: keeps its connection, and sends commands together. */
final class Sender implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 120_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** Connects and greets. */
    Sender(InetSocketAddress door, DeliveryLoad.Protocol protocol) throws IOException {
        socket = new Socket(door.getAddress(), door.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 4096);
        out = socket.getOutputStream();
        expect(220);
        say((protocol == DeliveryLoad.Protocol.LMTP ? "LHLO" : "EHLO") + " peer.example\r\n");
        expect(250);
    }

    /** Sends one message to one recipient, and waits for its answer. */
    void send(String recipient, byte[] data) throws IOException {
        say("MAIL FROM:<someone@elsewhere.example>\r\nRCPT TO:<" + recipient + ">\r\nDATA\r\n");
        expect(250);
        expect(250);
        expect(354);
        out.write(data);
        expect(250);
    }

    private void say(String commands) throws IOException {
        out.write(commands.getBytes(StandardCharsets.US_ASCII));
    }

    private void expect(int code) throws IOException {
        String line = line();
        String last = line;
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line();
            last = line;
        }
        if (!last.startsWith(Integer.toString(code))) {
            throw new IOException("expected " + code + ", got " + last);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.append((char) one);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
