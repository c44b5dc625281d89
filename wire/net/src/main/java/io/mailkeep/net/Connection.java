package io.mailkeep.net;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.net.internal.Deadlines;
import io.mailkeep.net.internal.ForgedHeader;
import io.mailkeep.net.internal.ProxyHeader;
import io.mailkeep.net.internal.ProxySignature;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * One client: lines and octets in, octets out, in bounded memory and time.
 *
 * <p>One thread reads. Writing and flushing are each atomic and may come from another thread too
 * (IMAP's IDLE); whoever needs several writes to stay together holds a lock of its own. {@link
 * #cut} may be called from anywhere.
 */
public final class Connection implements AutoCloseable {
    private static final int INPUT = 8 * 1024;
    private static final int OUTPUT = 16 * 1024;

    private final Socket raw;
    private InetAddress remote;
    private final Optional<Tls> tls;
    private final Guard guard;
    private final Duration handshakeTime;
    private final Randomness randomness;
    private final Deadlines deadlines;
    private final ProxySignature unasked = new ProxySignature();
    private final byte[] buffer = new byte[INPUT];
    private int position;
    private int limit;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(256);
    private final ReentrantLock output = new ReentrantLock();
    private InputStream in;
    private OutputStream out;
    private Optional<SSLSocket> secured = Optional.empty();
    private byte[] binding;
    private long droppedPlaintext;
    private volatile boolean stopping;

    Connection(
            Socket raw,
            Optional<Tls> tls,
            NetLimits limits,
            Guard guard,
            Time time,
            Randomness randomness)
            throws IOException {
        this.raw = raw;
        this.guard = guard;
        this.remote = raw.getInetAddress();
        this.tls = tls;
        this.handshakeTime = limits.handshake();
        this.randomness = randomness;
        this.deadlines = new Deadlines(time, limits.writeStall(), limits.handshake());
        this.binding = randomness.bytes(32);
        raw.setTcpNoDelay(true);
        in = raw.getInputStream();
        out = raw.getOutputStream();
    }

    /** The client's network address; behind a named proxy, what that says it is. */
    public InetAddress remoteAddress() {
        return remote;
    }

    /**
     * Begins a phase: a read waits at most {@code idle} for an octet, and everything until the next
     * phase takes at most {@code overall}; then reads throw {@link TimedOut}, and soon after the
     * connection is cut, a blocked write too.
     */
    public void phase(Duration idle, Duration overall) {
        deadlines.phase(idle, overall);
    }

    /**
     * Reads a line that only CRLF ends.
     *
     * @param maxOctets with the CRLF
     */
    public Line readLine(int maxOctets) throws IOException {
        LineReader reader = new LineReader(maxOctets);
        while (true) {
            if (position == limit && !fill()) {
                return new Line.End();
            }
            Optional<Line> line = reader.take();
            if (line.isPresent()) {
                return line.get();
            }
        }
    }

    /** Reads at least one octet, at most {@code length}; -1 when the client has closed its side. */
    public int read(byte[] into, int offset, int length) throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, into, offset, count);
        position += count;
        return count;
    }

    /** Puts the last {@code count} octets of the last {@link #read} back. */
    public void unread(int count) {
        if (count < 0 || count > position) {
            throw new IllegalArgumentException("unread " + count);
        }
        position -= count;
    }

    /** Exactly the next {@code octets} octets; {@link EOFException} if the client leaves before. */
    public InputStream literal(long octets) {
        return new Literal(octets);
    }

    /** More input has been read already. */
    public boolean inputBuffered() {
        return position < limit;
    }

    /** Octets have arrived that nobody asked for yet, such as before the greeting. */
    public boolean inputArrived() throws IOException {
        return inputBuffered() || raw.getInputStream().available() > 0;
    }

    /**
     * Appends to the output; sent when enough is there, by {@link #flush}, and before a read waits:
     * answers to pipelined commands travel together by themselves (RFC 2920 3.2).
     */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        output.lock();
        try {
            if (waiting.size() + length > OUTPUT) {
                send();
            }
            if (length > OUTPUT) {
                transmit(bytes, offset, length);
            } else {
                waiting.write(bytes, offset, length);
            }
        } finally {
            output.unlock();
        }
    }

    /** Appends to the output. */
    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /** Appends text as UTF-8 to the output. */
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends what was written. */
    public void flush() throws IOException {
        output.lock();
        try {
            send();
        } finally {
            output.unlock();
        }
    }

    /** TLS can be started: it is there and not running yet. */
    public boolean canStartTls() {
        return tls.isPresent() && secured.isEmpty();
    }

    /** Everything that is read and written now goes through TLS. */
    public boolean secure() {
        return secured.isPresent();
    }

    /** The running TLS version, such as {@code TLSv1.3}. */
    public Optional<String> tlsVersion() {
        return secured.map(socket -> socket.getSession().getProtocol());
    }

    /** The running cipher suite. */
    public Optional<String> tlsSuite() {
        return secured.map(socket -> socket.getSession().getCipherSuite());
    }

    /**
     * Sends {@code goAhead} and starts TLS (RFC 3207 4). Plain text that had arrived by then is
     * thrown away and counted in {@link #droppedPlaintext}; what arrives later is no TLS record and
     * fails the handshake: nothing sent in plain is ever read inside TLS ({@code ATK-04}).
     */
    public void startTls(String goAhead) throws IOException {
        droppedPlaintext = dropInput();
        write(goAhead);
        flush();
        handshake(0);
    }

    /** Octets of plain text that were thrown away when TLS started; more than 0 is an attack. */
    public long droppedPlaintext() {
        return droppedPlaintext;
    }

    /**
     * What makes this connection different from every other (RFC 9266: {@code
     * EXPORTER-Channel-Binding} of TLS 1.3). Random for TLS 1.2, whose exporter is unique only with
     * an extended master secret, and the JDK doesn't tell whether one was agreed.
     */
    public byte[] channelBinding() {
        return binding.clone();
    }

    /** The server is stopping: the session says goodbye when it next can. */
    public boolean stopping() {
        return stopping;
    }

    /**
     * Sends what was written, closes the sending side, and reads on for a short while: closing with
     * unread input would make the system throw our last answer away.
     */
    public void drain(Duration atMost) throws IOException {
        flush();
        phase(atMost, atMost);
        if (secured.isPresent()) {
            secured.get().shutdownOutput();
        }
        raw.shutdownOutput();
        try {
            do {
                position = limit;
            } while (fill());
        } catch (TimedOut enough) {
            position = limit;
        }
    }

    /** Ends the connection at once, whoever waits in a read or a write. */
    public void cut() {
        try {
            // SSLSocket.close() would wait for a writer that is blocked: the raw socket doesn't.
            raw.close();
        } catch (IOException alreadyGone) {
            stopping = true;
        }
    }

    /** Sends what was written and TLS's farewell as far as that works at once, and closes. */
    @Override
    public void close() {
        try {
            if (output.tryLock()) {
                try {
                    phase(Duration.ZERO, Duration.ZERO);
                    send();
                    if (secured.isPresent()) {
                        secured.get().shutdownOutput();
                    }
                } finally {
                    output.unlock();
                }
            }
        } catch (IOException | RuntimeException gone) {
            stopping = true;
        } finally {
            cut();
        }
    }

    boolean overdue() {
        return deadlines.passed();
    }

    /** The session's next read finds the end; what is being answered is answered first. */
    void stop() {
        stopping = true;
        try {
            raw.shutdownInput();
        } catch (IOException alreadyGone) {
            cut();
        }
    }

    /** Reads the header of a proxy, before anything else and no octet more: TLS may follow. */
    void readProxyHeader() throws ProxyRefused {
        phase(handshakeTime, handshakeTime);
        try {
            remote = ProxyHeader.read(this::firstOctets).orElse(remote);
        } catch (IOException refused) {
            throw new ProxyRefused(refused);
        }
    }

    private byte[] firstOctets(int count) throws IOException {
        byte[] octets = new byte[count];
        int have = 0;
        while (have < count) {
            int millis = deadlines.readMillis();
            if (millis == 0) {
                throw new TimedOut("no beginning in time");
            }
            raw.setSoTimeout(millis);
            int more = in.read(octets, have, count - have);
            if (more < 0) {
                throw new EOFException("the client left before it had begun");
            }
            have += more;
        }
        return octets;
    }

    /** TLS from the first octet on; the shortest hello is longer than what tells a PROXY header. */
    void handshakeAtOnce() throws IOException {
        handshake(ProxySignature.OCTETS);
    }

    /** {@code first}: octets that are looked at before TLS reads them. */
    private void handshake(int first) throws IOException {
        Tls server = tls.orElseThrow(() -> new IllegalStateException("no TLS"));
        guard.awaitHandshake(remote);
        SSLSocket socket;
        try {
            Duration most = handshakeTime.plus(server.begin());
            phase(most, most);
            byte[] hello = firstOctets(first);
            unasked.refuse(hello, first);
            socket = server.wrap(raw, hello);
            raw.setSoTimeout((int) most.toMillis());
            socket.startHandshake();
            in = socket.getInputStream();
            out = socket.getOutputStream();
        } catch (IOException failed) {
            throw failed instanceof ForgedHeader ? failed : new TlsFailed(failed);
        } finally {
            server.end();
        }
        secured = Optional.of(socket);
        binding = Tls.channelBinding(socket).orElseGet(() -> randomness.bytes(32));
    }

    private long dropInput() throws IOException {
        long dropped = (long) limit - position;
        position = limit;
        while (raw.getInputStream().available() > 0 && fill()) {
            dropped += (long) limit - position;
            position = limit;
        }
        return dropped;
    }

    /** Waits for input; what waits to be sent is sent before, or both sides would wait. */
    private boolean fill() throws IOException {
        int millis = deadlines.readMillis();
        if (millis == 0) {
            throw new TimedOut("took too long in all");
        }
        flush();
        position = 0;
        limit = 0;
        try {
            raw.setSoTimeout(millis);
            int count = in.read(buffer, 0, buffer.length);
            limit = Math.max(count, 0);
            if (secured.isEmpty()) {
                unasked.refuse(buffer, limit);
            }
            return count > 0;
        } catch (SocketTimeoutException silent) {
            throw (TimedOut) new TimedOut("silent for too long").initCause(silent);
        } catch (SSLException gone) {
            // A client that leaves without TLS's farewell, or us stopping: an end all the same. A
            // line or literal cut short by it is never taken for a whole one.
            if (stopping || raw.isInputShutdown() || gone.getCause() instanceof EOFException) {
                return false;
            }
            throw gone;
        } catch (EOFException gone) {
            return false;
        }
    }

    private void send() throws IOException {
        if (waiting.size() > 0) {
            byte[] bytes = waiting.toByteArray();
            waiting.reset();
            transmit(bytes, 0, bytes.length);
        }
    }

    /** In pieces, so that a slow client that reads isn't taken for one that doesn't. */
    private void transmit(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += OUTPUT) {
            deadlines.writing();
            try {
                out.write(bytes, offset + done, Math.min(OUTPUT, length - done));
            } finally {
                deadlines.written();
            }
        }
        out.flush();
    }

    /** Finds the end of one line, across as many fills as it takes. */
    private final class LineReader {
        private final int maxOctets;
        private final ByteArrayOutputStream early = new ByteArrayOutputStream(0);
        private int octets;
        private boolean afterCr;
        private Optional<Line.Flaw> flaw = Optional.empty();

        private LineReader(int maxOctets) {
            this.maxOctets = maxOctets;
        }

        /** Looks through what is buffered; empty if the line goes on. */
        private Optional<Line> take() {
            int from = position;
            while (position < limit) {
                byte one = buffer[position++];
                octets++;
                if (one == '\n') {
                    boolean ended = afterCr;
                    if (ended) {
                        return Optional.of(line(from));
                    }
                    if (octets <= maxOctets) {
                        return Optional.of(new Line.Malformed(Line.Flaw.BARE_LF, false));
                    }
                } else if (afterCr) {
                    flaw = Optional.of(Line.Flaw.BARE_CR);
                } else if (one == 0) {
                    flaw = Optional.of(Line.Flaw.NUL);
                }
                afterCr = one == '\r';
            }
            if (octets <= maxOctets) {
                early.write(buffer, from, position - from);
            } else {
                early.reset();
            }
            return Optional.empty();
        }

        private Line line(int from) {
            if (octets > maxOctets) {
                return new Line.TooLong();
            }
            if (flaw.isPresent()) {
                return new Line.Malformed(flaw.get(), true);
            }
            early.write(buffer, from, position - from);
            byte[] all = early.toByteArray();
            return new Line.Text(java.util.Arrays.copyOf(all, all.length - 2));
        }
    }

    private final class Literal extends InputStream {
        private long left;

        private Literal(long octets) {
            left = octets;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = Connection.this.read(into, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("client left within a literal");
            }
            left -= count;
            return count;
        }
    }
}
