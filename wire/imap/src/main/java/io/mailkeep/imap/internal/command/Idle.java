package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Claim;
import io.mailkeep.net.Line;
import io.mailkeep.net.TimedOut;
import io.mailkeep.tickets.AccessDenied;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * IDLE (RFC 9051 6.3.13). This thread does all the writing; a second one only waits for DONE. Ends
 * after 30 minutes, or within a second of the session's rights ending ({@code ATK-57}, {@code
 * ATK-79}).
 */
@Claim({"ATK-57", "ATK-79"})
final class Idle implements Verb {
    private static final Duration LOOK = Duration.ofMillis(250);

    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    private sealed interface Happening {}

    private record Changed() implements Happening {}

    private record Heard(Line line) implements Happening {}

    private record Silent(boolean late) implements Happening {}

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.end();
        session.out().line("+ idling");
        session.tellChanges(true, true);
        session.out().flush();
        session.connection().phase(session.limits().idleTime(), session.limits().idleTime());
        BlockingQueue<Happening> happenings = new LinkedBlockingQueue<>();
        AtomicBoolean changed = new AtomicBoolean();
        session.selection()
                .ifPresent(selected ->
                        selected.onChange(() -> {
                            if (!changed.getAndSet(true)) {
                                happenings.add(new Changed());
                            }
                        }));
        session.onRightsEnded(() -> happenings.add(new Nothing()));
        Thread ear = Thread.startVirtualThread(() -> listen(session, happenings));
        try {
            return idle(session, happenings, changed);
        } finally {
            session.onRightsEnded(() -> {});
            session.selection().ifPresent(selected -> selected.onChange(() -> {}));
            ear.interrupt();
        }
    }

    private static void listen(Session session, BlockingQueue<Happening> happenings) {
        try {
            happenings.add(new Heard(session.connection().readLine(64)));
        } catch (TimedOut late) {
            happenings.add(new Silent(true));
        } catch (IOException gone) {
            happenings.add(new Silent(false));
        }
    }

    private static Reply idle(
            Session session, BlockingQueue<Happening> happenings, AtomicBoolean changed)
            throws IOException {
        long beat = session.limits().idleBeat().toNanos();
        long beatAt = session.rooms().time().nanos() + beat;
        while (true) {
            Happening next = next(happenings);
            if (session.rightsEnded()) {
                throw new AccessDenied("rights ended while idle");
            }
            switch (next) {
                case Changed _ -> {
                    changed.set(false);
                    session.tellChanges(true, true);
                    session.out().flush();
                }
                case Heard(Line.Text text) when text.octets().equalsIgnoreCase("DONE") -> {
                    return Reply.ok("IDLE terminated");
                }
                case Heard(Line.End _) -> throw new EOFException("client left while idle");
                case Heard _ -> {
                    return Reply.bad("Expected DONE");
                }
                case Silent(boolean late) -> {
                    if (!late) {
                        throw new EOFException("client left while idle");
                    }
                    session.bye("Idle for too long");
                    return Reply.no("", "Idle for too long");
                }
                case Nothing _ -> {}
            }
            if (session.rooms().time().nanos() > beatAt) {
                // what couldn't be told before
                session.tellChanges(true, false);
                session.out().line("* OK Still here");
                session.out().flush();
                beatAt = session.rooms().time().nanos() + beat;
            }
        }
    }

    private record Nothing() implements Happening {}

    private static Happening next(BlockingQueue<Happening> happenings) throws IOException {
        try {
            Happening one = happenings.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            return one == null ? new Nothing() : one;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while idle");
        }
    }
}
