package io.mailkeep.claims;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Time;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the probes, one after another, and tells the audit log what they found. */
public final class ClaimsVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimsVerifier.class);

    private final List<Probe> probes;
    private final Trail trail;
    private final Time time;

    /** Probes of everything that is built, against this target. */
    public ClaimsVerifier(Target target, Trail trail, Time time) {
        this(
                List.of(
                        new Net1(target),
                        new Net2(target),
                        new Dat3(target),
                        new Dat4(target),
                        new Dat6(target)),
                trail,
                time);
    }

    ClaimsVerifier(List<Probe> probes, Trail trail, Time time) {
        this.probes = probes;
        this.trail = trail;
        this.time = time;
    }

    /**
     * A verdict for each claim, in the catalogue's order; only for these ids if any are named.
     * Needs CLAIMS.
     */
    public List<Verdict> verify(Access access, Set<String> only) {
        access.require(Operation.CLAIMS);
        List<Verdict> verdicts = new ArrayList<>();
        for (ClaimId claim : ClaimId.values()) {
            if (only.isEmpty() || only.contains(claim.id())) {
                verdicts.add(verdict(claim));
            }
        }
        return verdicts;
    }

    private Verdict verdict(ClaimId claim) {
        Optional<Probe> probe = probes.stream().filter(one -> one.claim() == claim).findFirst();
        if (probe.isEmpty()) {
            return new Verdict(
                    claim.id(),
                    Verdict.State.NOT_BUILT,
                    "",
                    "not built yet: " + claim.promise(),
                    0);
        }
        Verdict verdict = run(probe.get());
        trail.record(
                Event.granted(
                        EventType.CLAIM_VERIFIED,
                        Event.INSTALLATION,
                        "operator",
                        verdict.id(),
                        Map.of(
                                "verdict",
                                verdict.verdict().word(),
                                "ms",
                                Long.toString(verdict.ms()))));
        return verdict;
    }

    private Verdict run(Probe probe) {
        long begun = time.nanos();
        Verdict.State state;
        String saw;
        try {
            Sighting sighting = probe.look();
            state = sighting.state();
            saw = sighting.words();
        } catch (Exception failed) {
            if (failed instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.atWarn()
                    .addKeyValue("claim", probe.claim().id())
                    .setCause(failed)
                    .log("A probe ended early");
            state = Verdict.State.FAILED;
            saw =
                    "the probe itself couldn't go on: "
                            + failed.getClass().getSimpleName()
                            + ": "
                            + failed.getMessage();
        }
        return new Verdict(
                probe.claim().id(), state, probe.does(), saw, (time.nanos() - begun) / 1_000_000);
    }
}
