package io.mailkeep.transport;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.QueueId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.segments.Spool;
import io.mailkeep.transport.internal.Refusals;
import java.util.Map;
import java.util.Optional;

/**
 * Takes mail in. A message is accepted when every recipient's copy is durable, and not before;
 * strangers reach our own recipients only, people who signed in send as themselves only ({@code
 * ATK-12}, {@code ATK-13}).
 */
@Claim({"ATK-12", "ATK-13"})
public final class Intake {
    private final Collaborators rooms;
    private final Spool spool;
    private final String hostName;
    private final IntakeLimits limits;
    private final Time time;
    private final Randomness randomness;

    /**
     * @param hostName this server's own name, in trace fields
     */
    public Intake(
            Collaborators rooms,
            Spool spool,
            String hostName,
            IntakeLimits limits,
            Time time,
            Randomness randomness) {
        this.rooms = rooms;
        this.spool = spool;
        this.hostName = hostName;
        this.limits = limits;
        this.time = time;
        this.randomness = randomness;
    }

    /** This server's own name. */
    public String hostName() {
        return hostName;
    }

    /** What a message may be. */
    public IntakeLimits limits() {
        return limits;
    }

    /**
     * Begins a message.
     *
     * @param sender the reverse path; empty for {@code <>}
     */
    public Outcome<Transaction> begin(Origin origin, Optional<EmailAddress> sender) {
        Optional<Problem> closed = rooms.gate().get();
        if (closed.isPresent()) {
            return Outcome.failed(closed.get());
        }
        QueueId id = QueueId.random(randomness);
        Transaction transaction = new Transaction(this, origin, sender, id);
        Optional<Submitter> submitter = origin.submitter();
        if (submitter.isPresent() && !sender.map(submitter.get()::owns).orElse(false)) {
            refused(
                    origin,
                    "sender " + (sender.isPresent() ? "not own" : "empty"),
                    Map.of("queueId", id.value()));
            return Outcome.failed(
                    Problem.denied(
                            "The sender must be one of your own addresses", "sender not own"));
        }
        return submitter
                .map(person -> person.right().get().map(access -> transaction))
                .orElse(Outcome.done(transaction));
    }

    /**
     * Puts a refusal that concerns rights on the audit log; the refusal stands even if it can't.
     */
    public void refused(Origin origin, String reason, Map<String, String> facts) {
        refused(EventType.MAIL_REFUSED, origin, reason, facts);
    }

    /** The same, of another type: what was tried on the connection rather than with a message. */
    public void refused(EventType type, Origin origin, String reason, Map<String, String> facts) {
        Refusals.tell(
                rooms.audit(),
                type,
                origin.service(),
                origin.submitter().map(Submitter::tenant),
                origin.submitter().map(who -> who.account().toString()),
                origin.remote(),
                reason,
                facts);
    }

    Collaborators rooms() {
        return rooms;
    }

    Spool spool() {
        return spool;
    }

    Time time() {
        return time;
    }

    Randomness randomness() {
        return randomness;
    }
}
