package io.mailkeep.imap.internal;

import io.mailkeep.imap.ImapLimits;
import io.mailkeep.imap.ImapRooms;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.net.Connection;
import io.mailkeep.net.Line;
import io.mailkeep.net.TimedOut;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client from greeting to farewell: reads a command, calls its verb, tells what changed, writes
 * the tagged answer. Whatever goes wrong in a verb becomes an answer at one place here.
 *
 * <p>One thread does all of it; only {@link #checkRights} comes from another, and writes only while
 * this one waits for the client.
 */
public final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration ANSWERING = Duration.ofHours(12);
    private static final Duration FAREWELL = Duration.ofMillis(600);

    private enum Turn {
        WORKING,
        WAITING,
        ENDING
    }

    private final Connection connection;
    private final ImapRooms rooms;
    private final ImapLimits limits;
    private final Function<String, Optional<Verb>> verbs;
    private final Sessions sessions;
    private final ResponseWriter out;
    private final CommandReader reader;
    private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.WORKING);
    private final long signInBy;
    private volatile Optional<Login> login = Optional.empty();
    private volatile boolean rightsEnded;
    private volatile long rightsEndedAt;
    private volatile Runnable alarm = () -> {};
    private Optional<Selected> selected = Optional.empty();
    private Optional<CommandReader.Announced> message = Optional.empty();
    private Optional<String> farewell = Optional.empty();
    private String tag = "*";
    private boolean rev2;
    private boolean condStore;
    private boolean leaving;
    private int badCommands;
    private int signInFailures;

    public Session(
            Connection connection,
            ImapRooms rooms,
            ImapLimits limits,
            Function<String, Optional<Verb>> verbs,
            Sessions sessions) {
        this.connection = connection;
        this.rooms = rooms;
        this.limits = limits;
        this.verbs = verbs;
        this.sessions = sessions;
        this.out = new ResponseWriter(new ConnectionStream(connection));
        this.reader = new CommandReader(connection, out, limits);
        this.signInBy = rooms.time().nanos() + limits.signInTime().toNanos();
    }

    /** Runs until the client leaves, or has to. */
    public void run() throws IOException {
        try {
            out.line("* OK [CAPABILITY " + Capabilities.text(this) + "] Mailkeep ready");
            boolean goesOn = true;
            while (goesOn) {
                goesOn = next() && !leaving;
            }
            out.flush();
            connection.drain(FAREWELL);
        } catch (TimedOut late) {
            bye("Too long without a command");
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        } finally {
            unselect();
            login.ifPresent(it -> sessions.leave(this, it.who().account()));
        }
    }

    private boolean next() throws IOException {
        if (!connection.inputBuffered()) {
            out.flush();
        }
        startPhase();
        turn.set(Turn.WAITING);
        if (rightsEnded) {
            endRights();
        }
        Line first = connection.readLine(reader.lineOctets(login.isPresent()));
        if (!turn.compareAndSet(Turn.WAITING, Turn.WORKING)) {
            return false;
        }
        CommandReader.Received received = reader.command(first, login.isPresent());
        connection.phase(limits.argumentTime(), ANSWERING);
        switch (received) {
            case CommandReader.Gone _ -> {
                if (connection.stopping()) {
                    bye("Server is stopping");
                }
                return false;
            }
            case CommandReader.Unreadable(String its, Reply reply, boolean last) -> {
                out.line(its + " " + reply.line());
                if (last) {
                    bye("The connection is out of step");
                }
                countBad();
            }
            case CommandReader.Command command -> {
                run(command);
            }
        }
        return true;
    }

    private void startPhase() {
        if (login.isPresent()) {
            connection.phase(limits.idleTime(), limits.idleTime().plus(limits.commandTime()));
        } else {
            Duration left = Duration.ofNanos(Math.max(1, signInBy - rooms.time().nanos()));
            connection.phase(left, left);
        }
    }

    private void run(CommandReader.Command command) throws IOException {
        tag = command.tag();
        message = command.message();
        Reply reply = answer(command);
        if (out.broken()) {
            // Half a response is out: nothing can be said any more that the client would
            // understand.
            throw new IOException("response cut short");
        }
        if (leaving && reply.status() != Reply.Status.OK) {
            return;
        }
        if (!reply.isSilent()) {
            out.line(tag + " " + reply.line());
        }
        if (reply.status() == Reply.Status.BAD) {
            countBad();
        }
        if (message.map(announced -> !announced.sync()).orElse(false)) {
            bye("The connection is out of step");
        }
        if (farewell.isPresent()) {
            bye(farewell.get());
        }
    }

    private Reply answer(CommandReader.Command command) throws IOException {
        Optional<Verb> verb = verbs.apply(command.verb());
        if (verb.isEmpty()) {
            return Reply.bad("Unknown command");
        }
        Optional<Reply> wrongTime = wrongTime(verb.get().stage());
        if (wrongTime.isPresent()) {
            return wrongTime.get();
        }
        try {
            Reply reply = verb.get().run(this, command.arguments());
            if (rightsEnded) {
                throw new AccessDenied("rights ended meanwhile");
            }
            tellChanges(verb.get().numbersMayChange(), false);
            return reply;
        } catch (BadCommand malformed) {
            return Reply.bad(malformed.text());
        } catch (Unavailable away) {
            LOG.atWarn().addKeyValue("verb", command.verb()).log(away.problem().detail());
            if (away.problem().isUncertain()) {
                // NO would be a lie if it was done, and so would be OK if it wasn't
                bye("What became of the command can't be told now: reconnect and look");
            }
            return Reply.no("UNAVAILABLE", away.problem().text());
        } catch (AccessDenied refused) {
            return denied();
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        } catch (TamperedException tampered) {
            LOG.atError()
                    .addKeyValue("verb", command.verb())
                    .log("stored bytes were changed", tampered);
            return Reply.no("CORRUPTION", "A stored message isn't what was written");
        } catch (RuntimeException defect) {
            LOG.atError().addKeyValue("verb", command.verb()).log("command failed", defect);
            return Reply.no("SERVERBUG", "Internal error; it is in the server's log");
        }
    }

    private Reply denied() throws IOException {
        if (!rightsEnded && login.map(Login::isLive).orElse(false)) {
            return Reply.no("NOPERM", "You are not allowed to do this");
        }
        bye("Your session has ended; sign in again");
        return Reply.no("", "Session ended");
    }

    private Optional<Reply> wrongTime(Verb.Stage stage) {
        return switch (stage) {
            case ANY -> Optional.empty();
            case BEFORE_SIGN_IN ->
                    login.isPresent()
                            ? Optional.of(Reply.bad("Already signed in"))
                            : Optional.empty();
            case SIGNED_IN ->
                    login.isEmpty() ? Optional.of(Reply.bad("Sign in first")) : Optional.empty();
            case SELECTED ->
                    selected.isEmpty()
                            ? Optional.of(Reply.bad("Select a folder first"))
                            : Optional.empty();
        };
    }

    /**
     * Tells what changed in the selected folder, as far as that is lawful and possible now: what a
     * command has done stays done if the store can't be read any more, and is told later.
     */
    public void tellChanges(boolean numbersMayChange, boolean ask) throws IOException {
        if (selected.isPresent() && (ask || selected.get().stale())) {
            // A ticket that lacks READ has the command's own answer, and hears no more.
            Optional<Mailbox> mailbox = mailboxIfAllowed(Operation.READ);
            if (mailbox.isPresent()) {
                try {
                    selected.get()
                            .tell(mailbox.get(), flagWriter(), ask, numbersMayChange, condStore);
                } catch (Unavailable later) {
                    LOG.atWarn().log("changes can't be told: {}", later.problem().detail());
                }
            }
        }
    }

    private void countBad() throws IOException {
        if (++badCommands >= limits.badCommands()) {
            bye("Too many malformed commands");
        }
    }

    /** Counts a failed sign-in; ends the connection after some. */
    public void countSignInFailure() {
        if (++signInFailures >= limits.signInFailures()) {
            farewell = Optional.of("Too many failed sign-ins");
        }
    }

    /** Says goodbye; nothing but an OK is said after it. */
    public void bye(String why) throws IOException {
        if (!leaving && !out.broken()) {
            leaving = true;
            out.line("* BYE " + why);
            out.flush();
        }
        leaving = true;
    }

    /**
     * Ends this session if its right to be here has ended, and has its ticket renewed in time. On
     * the watch's thread: costs a look into a map.
     */
    void checkRights() {
        Optional<Login> here = login;
        if (here.isEmpty()) {
            return;
        }
        if (rightsEnded) {
            if (rooms.time().nanos() - rightsEndedAt > FAREWELL.toNanos()) {
                connection.cut();
            }
            return;
        }
        try {
            here.get().recheck();
            if (here.get().closeToItsEnd()) {
                Thread.startVirtualThread(() -> renew(here.get()));
            }
        } catch (AccessDenied ended) {
            endRights();
        }
    }

    private void renew(Login here) {
        try {
            here.renew();
        } catch (AccessDenied ended) {
            endRights();
        } catch (Unavailable later) {
            LOG.atDebug().log("ticket not renewed yet");
        }
    }

    private void endRights() {
        rightsEndedAt = rooms.time().nanos();
        rightsEnded = true;
        alarm.run();
        if (turn.compareAndSet(Turn.WAITING, Turn.ENDING)) {
            Thread.startVirtualThread(() -> {
                try {
                    bye("Your session has ended; sign in again");
                } catch (IOException gone) {
                    LOG.atDebug().log("client was gone");
                }
                connection.close();
            });
        }
    }

    /** Calls this when the right to be here ends, on another thread; for a verb that waits. */
    public void onRightsEnded(Runnable alarm) {
        this.alarm = alarm;
    }

    /** Whether the right to be here has ended; whoever waits looks often. */
    public boolean rightsEnded() {
        return rightsEnded;
    }

    /** A person signed in: takes a place, or says that there is none. */
    public boolean signedIn(Login person) {
        if (!sessions.enter(this, person.who().account())) {
            farewell = Optional.of("Too many connections of this account; close one first");
            return false;
        }
        login = Optional.of(person);
        return true;
    }

    /** TLS runs now: nothing that was said before counts (RFC 9051 6.2.1). */
    public void startOver() {
        badCommands = 0;
    }

    /** The signed-in person. */
    public Login login() {
        return login.orElseThrow(() -> new BadCommand("Sign in first"));
    }

    /** Whether somebody is signed in. */
    public boolean isSignedIn() {
        return login.isPresent();
    }

    /** The person's mailbox for one operation. */
    public Mailbox mailbox(Operation operation) {
        return login().mailbox(operation);
    }

    /** As {@link #mailbox}; empty if the ticket lacks just this operation (RFC 4314 4). */
    public Optional<Mailbox> mailboxIfAllowed(Operation operation) {
        try {
            return Optional.of(mailbox(operation));
        } catch (AccessDenied lacking) {
            login().recheck();
            return Optional.empty();
        }
    }

    /** The selected folder. */
    public Selected selected() {
        return selected.orElseThrow(() -> new BadCommand("Select a folder first"));
    }

    /** The selected folder, if any. */
    public Optional<Selected> selection() {
        return selected;
    }

    /** Selects a folder. */
    public void select(Selected folder) {
        unselect();
        selected = Optional.of(folder);
    }

    /** Lets the selected folder go. */
    public void unselect() {
        selected.ifPresent(Selected::close);
        selected = Optional.empty();
    }

    /** The message of an APPEND that the client has announced; given once. */
    public Optional<CommandReader.Announced> announced() {
        return message;
    }

    /** Asks for the announced message. */
    public java.io.InputStream receive() throws IOException {
        CommandReader.Announced it = message.orElseThrow(() -> new BadCommand("Missing message"));
        if (it.sync()) {
            out.line("+ Ready for the message");
            out.flush();
        }
        message = Optional.empty();
        connection.phase(limits.argumentTime(), limits.appendTime());
        return connection.literal(it.octets());
    }

    /** The rest of the line after a message was received. */
    public boolean restIsEmpty() throws IOException {
        Line rest = connection.readLine(limits.lineOctets());
        connection.phase(limits.argumentTime(), ANSWERING);
        if (rest instanceof Line.Text(byte[] text) && text.length == 0) {
            return true;
        }
        if (!(rest instanceof Line.Text) || CommandReader.announced(text(rest)).isPresent()) {
            bye("Only one message an APPEND");
        }
        return false;
    }

    private static byte[] text(Line line) {
        return line instanceof Line.Text(byte[] bytes) ? bytes : new byte[0];
    }

    /** A folder's name as the client wrote it; empty if no folder can have that name. */
    public Optional<FolderName> folderName(String wire) {
        Optional<String> name = rev2 ? Optional.of(wire) : ModifiedUtf7.decode(wire);
        return name.flatMap(FolderName::parse);
    }

    /** IMAP4rev2 was enabled. */
    public void enableRev2() {
        rev2 = true;
        out.enableUtf8();
    }

    /** The client wants MODSEQs from now on (RFC 7162 3.1). */
    public void enableCondStore() throws IOException {
        if (!condStore) {
            condStore = true;
            if (selected.isPresent()) {
                out.line("* OK [HIGHESTMODSEQ " + selected.get().known().value() + "] From now on");
            }
        }
    }

    /** Whether IMAP4rev2 was enabled. */
    public boolean rev2() {
        return rev2;
    }

    /** Whether the client wants MODSEQs. */
    public boolean condStore() {
        return condStore;
    }

    /** Where answers go. */
    public ResponseWriter out() {
        return out;
    }

    /** Where flags go. */
    public FlagWriter flagWriter() {
        return new FlagWriter(out);
    }

    /** The tag of the running command. */
    public String tag() {
        return tag;
    }

    /** The rooms below. */
    public ImapRooms rooms() {
        return rooms;
    }

    /** The limits. */
    public ImapLimits limits() {
        return limits;
    }

    /** The connection. */
    public Connection connection() {
        return connection;
    }

    /** This command is the last one. */
    public void leave() {
        leaving = true;
    }
}
