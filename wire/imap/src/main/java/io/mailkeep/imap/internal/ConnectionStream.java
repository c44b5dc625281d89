package io.mailkeep.imap.internal;

import io.mailkeep.net.Connection;
import java.io.IOException;
import java.io.OutputStream;

/** A connection's output as a stream. */
final class ConnectionStream extends OutputStream {
    private final Connection connection;

    ConnectionStream(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void write(int one) throws IOException {
        connection.write(new byte[] {(byte) one});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        connection.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        connection.flush();
    }
}
