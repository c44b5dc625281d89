package io.mailkeep.transport;

import io.mailkeep.audit.AuditLimits;
import io.mailkeep.audit.Outbox;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Closed while too much waits to be published on the audit log: mail then gets {@code 451} ({@code
 * ATK-116}: no audit, no mail, nothing lost).
 *
 * <p>Looks at most twice a second; everybody else gets the last answer.
 */
public final class BacklogGate implements Supplier<Optional<Problem>> {
    private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();

    private final Outbox outbox;
    private final AuditLimits limits;
    private final Time time;
    private long looked;
    private boolean open;

    public BacklogGate(Outbox outbox, AuditLimits limits, Time time) {
        this.outbox = outbox;
        this.limits = limits;
        this.time = time;
        this.looked = time.nanos() - 2 * LOOK_NANOS;
    }

    /** The reason why no mail is taken now; empty when it is. */
    @Override
    public synchronized Optional<Problem> get() {
        if (time.nanos() - looked > LOOK_NANOS) {
            Outbox.Backlog backlog = outbox.backlog();
            open =
                    backlog.entries() <= limits.backlogEntries()
                            && backlog.oldest().compareTo(limits.backlogAge()) <= 0;
            looked = time.nanos();
        }
        return open
                ? Optional.empty()
                : Optional.of(
                        Problem.temporary(
                                "The audit log can't keep up; try again later",
                                "audit backlog above its limit"));
    }
}
