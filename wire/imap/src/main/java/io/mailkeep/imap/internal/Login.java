package io.mailkeep.imap.internal;

import io.mailkeep.identity.SignedIn;
import io.mailkeep.imap.ImapRooms;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import java.time.Duration;
import java.time.Instant;

/**
 * A signed-in person on one connection: decides once a command, and keeps the ticket from running
 * out while the session lasts. Not protected against its own caller: the tickets are.
 */
public final class Login {
    /** A ticket is renewed when less than this is left of it. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private final ImapRooms rooms;
    private final SignedIn who;
    private final ChannelBinding channel;
    private volatile Admission admission;
    private volatile Access pulse;

    private Login(ImapRooms rooms, SignedIn who, ChannelBinding channel, Admission admission) {
        this.rooms = rooms;
        this.who = who;
        this.channel = channel;
        this.admission = admission;
        this.pulse = pulse(admission);
    }

    /** Admits a person who proved who they are. */
    public static Outcome<Login> of(ImapRooms rooms, SignedIn who, ChannelBinding channel) {
        return admit(rooms, who.ticket(), channel)
                .map(admission -> new Login(rooms, who, channel, admission));
    }

    private static Outcome<Admission> admit(
            ImapRooms rooms, SignedTicket person, ChannelBinding channel) {
        return rooms.authority().admit(person, rooms.module().get(), channel, rooms.process());
    }

    /** Who it is. */
    public SignedIn who() {
        return who;
    }

    /** The decision for one operation. */
    public Access access(Operation operation) {
        return decide(admission, operation);
    }

    /** The person's mailbox, for one operation. */
    public Mailbox mailbox(Operation operation) {
        return rooms.mailboxes().open(access(operation));
    }

    /** What tells whether both tickets are alive. */
    private Access pulse(Admission by) {
        return decide(by, by.shared().orElse(Operation.READ));
    }

    private Access decide(Admission by, Operation operation) {
        return switch (rooms.authority().decide(by, operation)) {
            case Outcome.Done<Access>(Access access) -> access;
            case Outcome.Deferred<Access>(var problem) -> throw new Unavailable(problem);
            case Outcome.Refused<Access>(var problem) -> throw new AccessDenied(problem.detail());
        };
    }

    /** Throws {@link AccessDenied} once the right to be here has ended ({@code ATK-79}). */
    void recheck() {
        pulse.recheck();
    }

    /** Whether the right to be here goes on, whatever single operations it lacks. */
    boolean isLive() {
        try {
            recheck();
            return true;
        } catch (AccessDenied ended) {
            return false;
        }
    }

    /** Whether either ticket is about to run out. */
    boolean closeToItsEnd() {
        Instant soon = rooms.time().instant().plus(MARGIN);
        Admission now = admission;
        return now.module().expires().isBefore(soon)
                || now.person().map(ticket -> ticket.expires().isBefore(soon)).orElse(false);
    }

    /**
     * The same right for some more minutes, against the account as it is now. What can't be asked
     * now is asked again before the ticket ends.
     */
    synchronized void renew() {
        if (!closeToItsEnd()) {
            return;
        }
        Outcome<Admission> renewed =
                rooms.signIn().renew(admission).then(ticket -> admit(rooms, ticket, channel));
        switch (renewed) {
            case Outcome.Done<Admission>(Admission fresh) -> {
                pulse = pulse(fresh);
                admission = fresh;
            }
            case Outcome.Deferred<Admission> _ -> pulse.recheck();
            case Outcome.Refused<Admission>(var problem) ->
                    throw new AccessDenied(problem.detail());
        }
    }
}
