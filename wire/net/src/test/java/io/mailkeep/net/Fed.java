package io.mailkeep.net;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection without a network: a client that sends these octets, so many at a time, and goes.
 */
public final class Fed {
    private static final Duration TIME = Duration.ofMinutes(5);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ByteArrayInputStream input;
    private final int piece;

    /** What the server makes of it. */
    public final Connection connection;

    public Fed(byte[] input, int piece) {
        this.input = new ByteArrayInputStream(input);
        this.piece = piece;
        try {
            connection =
                    new Connection(
                            new FedSocket(),
                            Optional.empty(),
                            NetLimits.standard(),
                            new Guard(Time.system(), _ -> {}),
                            Time.system(),
                            Randomness.system());
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        connection.phase(TIME, TIME);
    }

    /** What the server has sent. */
    public byte[] written() throws IOException {
        connection.flush();
        return written.toByteArray();
    }

    private final class FedSocket extends Socket {
        @Override
        public InetAddress getInetAddress() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                @Override
                public int read() {
                    return input.read();
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    return input.read(into, offset, Math.min(length, piece));
                }
            };
        }

        @Override
        public OutputStream getOutputStream() {
            return written;
        }

        @Override
        public void setTcpNoDelay(boolean on) {}

        @Override
        public void setSoTimeout(int millis) {}
    }
}
