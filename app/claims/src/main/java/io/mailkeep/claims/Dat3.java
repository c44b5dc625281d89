package io.mailkeep.claims;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.LogReader;
import io.mailkeep.audit.LoggedEntry;
import io.mailkeep.audit.NoSubjects;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import java.time.Duration;
import java.util.Optional;

/**
 * DAT-3: signs in, then tries the ticket forged, on another connection, with the wrong module, and
 * revoked.
 */
final class Dat3 implements Probe {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration REVOKED_WITHIN = Duration.ofSeconds(1);

    private final Target target;

    Dat3(Target target) {
        this.target = target;
    }

    @Override
    public ClaimId claim() {
        return ClaimId.DAT_3;
    }

    @Override
    public String does() {
        return "signed in as the probe's account, then used its ticket forged, cut short, from"
                + " another connection, with another"
                + " module's ticket, without any, and revoked";
    }

    @Override
    public Sighting look() throws InterruptedException {
        Sighting saw = new Sighting();
        ProbeAccount account = ProbeAccount.of(target);
        ChannelBinding channel = new ChannelBinding(target.randomness().bytes(32));
        Optional<SignedTicket> signedIn = signIn(account, channel);
        saw.expect(signedIn.isPresent(), "the right password gives a ticket");
        if (signedIn.isEmpty()) {
            return saw;
        }
        long entriesBefore = log().size();
        SignedTicket ticket = signedIn.get();
        Outcome<Admission> admitted =
                target.tickets()
                        .admit(ticket, target.imapTicket().get(), channel, target.process());
        saw.expect(granted(admitted), "user and module ticket together are admitted");
        saw.expect(
                granted(admitted.then(it -> target.tickets().decide(it, Operation.READ))),
                "and may read");
        saw.expect(forgeriesRefused(ticket, channel), "each of 16 forged tickets is refused");
        saw.expect(
                !granted(
                        admit(
                                new SignedTicket(
                                        java.util.Arrays.copyOf(ticket.encoded(), 20),
                                        ticket.signature()),
                                channel)),
                "a ticket cut short is refused");
        saw.expect(
                !granted(admit(ticket, new ChannelBinding(target.randomness().bytes(32)))),
                "the ticket used from another connection is refused");
        borrowed(ticket, channel, saw);
        revoked(admitted, saw);
        int told = refusalsTold(entriesBefore);
        saw.expect(told >= 19, "the refusals stand on the audit log (" + told + " seen)");
        return saw.notBuilt(
                "delegated and approved (case) access through a protocol, tickets over several nodes");
    }

    private Optional<SignedTicket> signIn(ProbeAccount account, ChannelBinding channel) {
        return switch (target.signIn()
                .password(
                        target.imapTicket().get(),
                        target.process(),
                        account.address().text(),
                        Secret.ofUtf8(account.password()),
                        channel,
                        "claims probe")) {
            case Outcome.Done<io.mailkeep.identity.SignedIn>(var signedIn) ->
                    Optional.of(signedIn.ticket());
            case Outcome.Deferred<io.mailkeep.identity.SignedIn> _,
                    Outcome.Refused<io.mailkeep.identity.SignedIn> _ ->
                    Optional.empty();
        };
    }

    private Outcome<Admission> admit(SignedTicket ticket, ChannelBinding channel) {
        return target.tickets().admit(ticket, target.imapTicket().get(), channel, target.process());
    }

    private static boolean granted(Outcome<?> outcome) {
        return outcome instanceof Outcome.Done<?>;
    }

    private boolean forgeriesRefused(SignedTicket ticket, ChannelBinding channel) {
        for (int i = 0; i < 16; i++) {
            byte[] forged = ticket.encoded().clone();
            forged[target.randomness().below(forged.length)] ^=
                    (byte) (1 << target.randomness().below(8));
            if (granted(admit(new SignedTicket(forged, ticket.signature()), channel))) {
                return false;
            }
        }
        return true;
    }

    private void borrowed(SignedTicket ticket, ChannelBinding channel, Sighting saw) {
        Outcome<Admission> withSmtp =
                target.tickets()
                        .admit(ticket, target.smtpTicket().get(), channel, target.process());
        saw.expect(
                !granted(withSmtp.then(it -> target.tickets().decide(it, Operation.READ))),
                "the delivering module's ticket doesn't read, not even with the user's");
        Outcome<Admission> alone =
                target.tickets().admit(target.imapTicket().get(), target.process());
        saw.expect(
                !granted(alone.then(it -> target.tickets().decide(it, Operation.READ))),
                "a module's ticket alone reads nobody's mailbox");
    }

    private void revoked(Outcome<Admission> admitted, Sighting saw) throws InterruptedException {
        long begun = target.time().nanos();
        // a new password ends every session of the account
        ProbeAccount.of(target);
        long changed = target.time().nanos();
        boolean refused = false;
        while (!refused && target.time().nanos() - changed < PATIENCE.toNanos()) {
            refused = !granted(admitted.then(it -> target.tickets().decide(it, Operation.READ)));
            if (!refused) {
                target.time().sleep(Duration.ofMillis(20));
            }
        }
        long ms = (target.time().nanos() - changed) / 1_000_000;
        saw.expect(
                refused && ms <= REVOKED_WITHIN.toMillis(),
                "after a change of password the old ticket is refused within "
                        + ms
                        + " ms (the change itself took "
                        + (changed - begun) / 1_000_000
                        + " ms)");
    }

    private LogReader log() {
        return new LogReader(
                target.auditCopies().getFirst(), target.verifierKey(), new NoSubjects());
    }

    private int refusalsTold(long since) throws InterruptedException {
        long begun = target.time().nanos();
        int[] told = {0};
        while (told[0] < 19 && target.time().nanos() - begun < PATIENCE.toNanos()) {
            told[0] = 0;
            log().stream(
                    since,
                    Dat3::refusal,
                    // of a flood of equal ones the first stand alone, the rest as a count
                    entry -> told[0] += Integer.parseInt(entry.facts().getOrDefault("count", "1")));
            if (told[0] < 19) {
                target.time().sleep(Duration.ofMillis(100));
            }
        }
        return told[0];
    }

    private static boolean refusal(LoggedEntry entry) {
        String type = entry.facts().getOrDefault("of", entry.type());
        return type.equals(EventType.TICKET_DECISION.id())
                && entry.decision().equals(Event.Decision.REFUSED.name());
    }
}
