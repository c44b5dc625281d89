package io.mailkeep.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.NoSubjects;
import io.mailkeep.audit.Outbox;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.EpochStore;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Ticket;
import io.mailkeep.tickets.TicketAuthority;
import io.mailkeep.tickets.TicketCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a verdict says follows from what was seen, and from nothing else. */
@Claim({"DAT-6"})
class VerdictTest {
    private final List<Entry> told = new ArrayList<>();
    private final Trail trail =
            new Trail(new Told(), new NoSubjects(), Time.system(), Randomness.system());

    /** A probe of DAT-3 that sees what it is given. */
    private record Seeing(Look seen) implements Probe {
        interface Look {
            Sighting now() throws Exception;
        }

        @Override
        public ClaimId claim() {
            return ClaimId.DAT_3;
        }

        @Override
        public String does() {
            return "looked";
        }

        @Override
        public Sighting look() throws Exception {
            return seen.now();
        }
    }

    private final class Told implements Outbox {
        @Override
        public void append(List<Entry> entries) {
            told.addAll(entries);
        }

        @Override
        public List<Entry> take(int limit) {
            return List.of();
        }

        @Override
        public void published(Collection<UUID> ids) {}

        @Override
        public Backlog backlog() {
            return new Backlog(0, Duration.ZERO);
        }
    }

    private static final class NoEpochs implements EpochStore {
        @Override
        public long current(UUID subject) {
            return 0;
        }

        @Override
        public long raise(UUID subject) {
            return 1;
        }

        @Override
        public List<Change> since(long number) {
            return List.of();
        }
    }

    private Verdict verdict(Seeing.Look look) throws Exception {
        ClaimsVerifier verifier =
                new ClaimsVerifier(List.of(new Seeing(look)), trail, Time.system());
        return verifier.verify(access(Operation.CLAIMS), Set.of("DAT-3")).getFirst();
    }

    @Test
    void provedOnlyWithAnObservationAndWithoutAContradiction() throws Exception {
        assertThat(verdict(Sighting::new).verdict()).isEqualTo(Verdict.State.FAILED);
        assertThat(verdict(Sighting::new).saw()).isEqualTo("nothing was observed");

        Verdict proved = verdict(() -> new Sighting().expect(true, "a").notBuilt("the rest"));
        assertThat(proved.verdict()).isEqualTo(Verdict.State.PROVED);
        assertThat(proved.saw()).isEqualTo("a; not built yet: the rest");
        assertThat(proved.did()).isEqualTo("looked");

        Verdict failed =
                verdict(() -> new Sighting().expect(true, "a").expect(false, "b").notBuilt("c"));
        assertThat(failed.verdict()).isEqualTo(Verdict.State.FAILED);
        assertThat(failed.saw()).isEqualTo("NOT SO: b; a; not built yet: c");
    }

    @Test
    void notConfiguredSaysWhatToDoAndNeverHidesAContradiction() throws Exception {
        Verdict shared = verdict(() -> new Sighting().expect(true, "a").notConfigured("do this"));
        assertThat(shared.verdict()).isEqualTo(Verdict.State.NOT_CONFIGURED);
        assertThat(shared.saw()).isEqualTo("do this; a");
        assertThat(
                        verdict(() ->
                                        new Sighting()
                                                .expect(true, "a")
                                                .expect(false, "b")
                                                .notConfigured("do this"))
                                .verdict())
                .isEqualTo(Verdict.State.FAILED);
        assertThat(verdict(() -> new Sighting().notConfigured("do this")).verdict())
                .as("nothing was seen")
                .isEqualTo(Verdict.State.FAILED);
    }

    @Test
    void aProbeThatCantGoOnProvesNothing() throws Exception {
        Verdict broken =
                verdict(() -> {
                    throw new IOException("connection refused");
                });
        assertThat(broken.verdict()).isEqualTo(Verdict.State.FAILED);
        assertThat(broken.saw()).contains("couldn't go on", "IOException: connection refused");
    }

    @Test
    void everyClaimOfTheCatalogueHasARowAndWhatHasNoProbeIsNotBuilt() throws Exception {
        ClaimsVerifier verifier =
                new ClaimsVerifier(
                        List.of(new Seeing(() -> new Sighting().expect(true, "a"))),
                        trail,
                        Time.system());
        List<Verdict> all = verifier.verify(access(Operation.CLAIMS), Set.of());
        assertThat(all.stream().map(Verdict::id))
                .containsExactlyElementsOf(
                        Arrays.stream(ClaimId.values()).map(ClaimId::id).toList());
        assertThat(all).hasSize(29);
        assertThat(all.stream().filter(it -> it.verdict() == Verdict.State.NOT_BUILT)).hasSize(28);
        assertThat(all).allSatisfy(it -> assertThat(it.saw()).isNotBlank());
        // only what was tried is told
        assertThat(told).hasSize(1);
        assertThat(new String(told.getFirst().bytes(), StandardCharsets.UTF_8))
                .contains("claims.verified", "DAT-3", "\"verdict\":\"proved\"");
    }

    @Test
    void verifyingNeedsTheRightTo() throws Exception {
        ClaimsVerifier verifier = new ClaimsVerifier(List.of(), trail, Time.system());
        Access other = access(Operation.DIRECTORY);
        assertThatThrownBy(() -> verifier.verify(other, Set.of())).isInstanceOf(AccessDenied.class);
    }

    private Access access(Operation operation) throws Exception {
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        ChannelBinding process = new ChannelBinding(new byte[32]);
        Instant now = Time.system().instant();
        byte[] encoded =
                TicketCodec.encode(
                        new Ticket.Module(
                                new UUID(1, 2),
                                "api",
                                new UUID(3, 4),
                                Set.of(operation),
                                now,
                                now.plusSeconds(60),
                                0,
                                process.digest()));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key.getPrivate());
        signature.update(TicketCodec.toSign(encoded));
        SignedTicket ticket = new SignedTicket(encoded, signature.sign());
        try (Epochs epochs = new Epochs(new NoEpochs(), Time.system())) {
            TicketAuthority authority =
                    new TicketAuthority(key::getPublic, epochs, trail, Time.system());
            Outcome<Access> access =
                    authority
                            .admit(ticket, process)
                            .then(it ->
                                    authority.decideModule(
                                            it, operation, new TenantId(new UUID(0, 0))));
            if (access instanceof Outcome.Done<Access>(Access granted)) {
                return granted;
            }
            throw new AssertionError(access);
        }
    }
}
