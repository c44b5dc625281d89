package io.mailkeep.smtp.internal;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.net.Connection;
import io.mailkeep.transport.Arrival;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the data of one message up to {@code CRLF.CRLF} and takes the dots away that were put
 * before leading dots (RFC 5321 4.5.2).
 *
 * <p>Nothing else ends data. A CR or LF that stands alone, or a NUL, spoils the message, but
 * reading goes on to the real end, so that what follows is read as a command exactly if the client
 * sent it as one ({@code ATK-01}).
 */
@Claim({"ATK-01", "ATK-08", "ATK-09", "ATK-16", "ATK-20"})
public final class DataReader {
    private static final Logger log = LoggerFactory.getLogger(DataReader.class);

    /** How reading ended. */
    public enum Ending {
        /** With {@code CRLF.CRLF}. */
        COMPLETE,
        /** The client left. */
        LOST,
        /** The message was refused long ago and the client doesn't stop. */
        ENDLESS
    }

    /** Where in a line the next octet stands. */
    private enum At {
        START,
        DOT,
        DOT_CR,
        MIDDLE,
        CR
    }

    private final Connection connection;
    private final Arrival arrival;
    private final long drainOctets;
    private final byte[] chunk = new byte[8192];
    private At at = At.START;
    private boolean brokenLines;
    private long drained;

    /**
     * @param drainOctets read on at most after the message can't be taken any more
     */
    public DataReader(Connection connection, Arrival arrival, long drainOctets) {
        this.connection = connection;
        this.arrival = arrival;
        this.drainOctets = drainOctets;
    }

    /** Reads to the end; the arrival then holds the message, or why it can't be taken. */
    public Ending read() throws IOException {
        while (true) {
            int count = connection.read(chunk, 0, chunk.length);
            if (count < 0) {
                return Ending.LOST;
            }
            int used = scan(count);
            if (used >= 0) {
                connection.unread(count - used);
                return Ending.COMPLETE;
            }
            if (arrival.problem().isPresent()) {
                drained += count;
                if (drained > drainOctets) {
                    return Ending.ENDLESS;
                }
            }
        }
    }

    /** A line was ended by CR or LF alone: whoever sends that isn't to be talked to further. */
    public boolean brokenLines() {
        return brokenLines;
    }

    /** Octets up to and with the end of data; -1 if it isn't in this chunk. */
    private int scan(int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            byte one = chunk[i];
            if (at == At.MIDDLE && one > '\r') {
                continue;
            }
            switch (at) {
                case START -> {
                    if (one == '.') {
                        give(from, i);
                        from = i + 1;
                        at = At.DOT;
                    } else {
                        inLine(one);
                    }
                }
                case DOT -> {
                    if (one == '\r') {
                        give(from, i);
                        from = i;
                        at = At.DOT_CR;
                    } else {
                        inLine(one);
                    }
                }
                case DOT_CR -> {
                    if (one == '\n') {
                        return i + 1;
                    }
                    lineBroken();
                    inLine(one);
                }
                case MIDDLE -> inLine(one);
                case CR -> {
                    if (one == '\n') {
                        at = At.START;
                    } else {
                        lineBroken();
                        inLine(one);
                    }
                }
            }
        }
        if (at != At.DOT_CR) {
            give(from, count);
        }
        return -1;
    }

    private void inLine(byte one) {
        switch (one) {
            case '\r' -> at = At.CR;
            case '\n' -> {
                lineBroken();
                at = At.MIDDLE;
            }
            case 0 -> {
                arrival.reject(Problem.malformed(550, "5.6.0", "The message holds a NUL octet"));
                at = At.MIDDLE;
            }
            default -> at = At.MIDDLE;
        }
    }

    private void lineBroken() {
        brokenLines = true;
        arrival.reject(
                Problem.malformed(
                        550,
                        "5.6.11",
                        "The message holds CR or LF alone: lines end in CR LF (RFC 5321 2.3.8)"));
    }

    /** What can't be stored refuses the message; the session stays in step and answers. */
    private void give(int from, int to) {
        if (to <= from) {
            return;
        }
        try {
            arrival.write(chunk, from, to - from);
        } catch (Unavailable away) {
            arrival.reject(away.problem());
        } catch (IOException | RuntimeException | OutOfMemoryError failed) {
            log.atError().setCause(failed).log("a message couldn't be spooled");
            arrival.reject(
                    Problem.temporary("The message can't be stored now; try again later", "spool"));
        }
    }
}
