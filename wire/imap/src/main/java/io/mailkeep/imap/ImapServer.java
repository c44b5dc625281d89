package io.mailkeep.imap;

import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Sessions;
import io.mailkeep.imap.internal.command.Verbs;
import io.mailkeep.net.Connection;
import java.io.IOException;

/**
 * IMAP4rev1 and IMAP4rev2 (RFC 3501, RFC 9051) for the listeners of {@code net}: one for port 143
 * with STARTTLS, one for 993. Nobody signs in without TLS ({@code NET-1}); a session ends within a
 * second of its rights ending ({@code ATK-79}).
 */
public final class ImapServer implements io.mailkeep.net.Session, AutoCloseable {
    /** What a client beyond a listener's limits is told. */
    public static final String BUSY =
            "* BYE [UNAVAILABLE] Too many connections; try again later\r\n";

    private final ImapRooms rooms;
    private final ImapLimits limits;
    private final Verbs verbs = new Verbs();
    private final Sessions sessions;

    public ImapServer(ImapRooms rooms, ImapLimits limits) {
        this.rooms = rooms;
        this.limits = limits;
        this.sessions = new Sessions(rooms.time(), limits.sessionsPerAccount());
    }

    /** Serves one client. */
    @Override
    public void run(Connection connection) throws IOException {
        new Session(connection, rooms, limits, verbs::find, sessions).run();
    }

    /** Ends the watch over sessions; the listeners were closed before. */
    @Override
    public void close() {
        sessions.close();
    }
}
