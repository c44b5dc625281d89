package io.mailkeep.audit;

import java.time.Duration;

/**
 * What the audit log keeps to.
 *
 * @param backlogEntries with more unpublished entries than this no mail is taken
 * @param backlogAge nor with an older one
 * @param publishEvery how long an entry waits for company, at most
 * @param publishWait how long a staff or key action waits to be published
 * @param deviceDeadline how long one write to a device may take before the device is set aside
 * @param probeEvery how often an idle device is asked whether it still writes
 * @param batchEntries how many entries go under one checkpoint, at most
 * @param verifyAtStart how many entries at the end of each copy are checked at start
 */
public record AuditLimits(
        long backlogEntries,
        Duration backlogAge,
        Duration publishEvery,
        Duration publishWait,
        Duration deviceDeadline,
        Duration probeEvery,
        int batchEntries,
        long verifyAtStart) {
    /** The limits of an installation that sets none. */
    public static final AuditLimits DEFAULT =
            new AuditLimits(
                    10_000,
                    Duration.ofSeconds(60),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3),
                    Duration.ofMillis(1500),
                    2_048,
                    65_536);
}
