package io.mailkeep.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Classified;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.SessionId;
import io.mailkeep.testing.sim.SimTime;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Ticket;
import io.mailkeep.tickets.TicketCodec;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sign-in proofs and the tickets that follow from them. */
@Claim({"DAT-3", "ACC-1"})
class TicketIssuerTest {
    private static final ChannelBinding CHANNEL = new ChannelBinding(new byte[] {1, 2, 3});
    private static final TicketIssuer.Claims CLAIMS =
            new TicketIssuer.Claims(
                    Fixture.TENANT,
                    new AccountId(new UUID(4, 4)),
                    Fixture.MAILBOX,
                    new SessionId(new UUID(5, 5)),
                    Set.of(Operation.READ, Operation.FLAG),
                    3);

    private final SimTime time = new SimTime();
    private final TicketIssuer issuer = new TicketIssuer(time, Fixture.RANDOM);

    private Optional<Classified<byte[]>> verifier(String password) {
        return issuer.hash(Secret.ofUtf8(password))
                        instanceof Outcome.Done<Classified<byte[]>>(var v)
                ? Optional.of(v)
                : Optional.empty();
    }

    private static Problem problem(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Done<?> done -> throw new AssertionError("done");
            case Outcome.Deferred<?>(Problem problem) -> problem;
            case Outcome.Refused<?>(Problem problem) -> problem;
        };
    }

    private Ticket.User user() {
        return new Ticket.User(
                new UUID(6, 6),
                CLAIMS.tenant(),
                CLAIMS.account(),
                CLAIMS.mailbox(),
                CLAIMS.session(),
                1,
                time.instant(),
                CLAIMS.operations(),
                time.instant(),
                time.instant().plus(TicketIssuer.LIFE),
                CLAIMS.epoch(),
                CHANNEL.digest());
    }

    private boolean signed(SignedTicket ticket) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(issuer.publicKey());
            check.update(TicketCodec.toSign(ticket.encoded()));
            return check.verify(ticket.signature());
        } catch (GeneralSecurityException broken) {
            return false;
        }
    }

    @Test
    @Claim("ATK-68")
    @DisplayName("The right password gives a signed ticket; everything else the same words")
    void signIn() {
        Optional<Classified<byte[]>> verifier = verifier("correct horse");
        assertThat(verifier.toString()).doesNotContain("argon2id");
        Outcome<SignedTicket> done =
                issuer.signIn(
                        "ann",
                        verifier,
                        Secret.ofUtf8("correct horse"),
                        Optional.of(CLAIMS),
                        CHANNEL);
        assertThat(done)
                .isInstanceOfSatisfying(
                        Outcome.Done.class,
                        it -> assertThat(signed((SignedTicket) it.value())).isTrue());
        Secret wrong = Secret.ofUtf8("wrong horse");
        Problem bad = problem(issuer.signIn("ann", verifier, wrong, Optional.of(CLAIMS), CHANNEL));
        assertThat(bad.reply()).isEqualTo(535);
        assertThat(
                        problem(
                                issuer.signIn(
                                        "ann", Optional.empty(), wrong, Optional.empty(), CHANNEL)))
                .isEqualTo(bad);
        assertThat(
                        problem(
                                issuer.signIn(
                                        "ann",
                                        verifier,
                                        Secret.ofUtf8("correct horse"),
                                        Optional.empty(),
                                        CHANNEL)))
                .isEqualTo(bad);
    }

    @Test
    @Claim("ATK-69")
    @DisplayName("More sign-ins than wait are put off, not queued without end")
    void busy() throws InterruptedException {
        int crowd = 1_200;
        int places = 2 + 1_024;
        BlockingQueue<Outcome<SignedTicket>> answers = new LinkedBlockingQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < crowd; i++) {
                String name = "name " + i;
                threads.execute(() ->
                        answers.add(
                                issuer.signIn(
                                        name,
                                        Optional.empty(),
                                        Secret.ofUtf8("x"),
                                        Optional.empty(),
                                        CHANNEL)));
            }
            // those in the queue would take half a minute: they aren't waited for
            boolean putOff = false;
            while (!putOff) {
                putOff = isPutOff(answers.take());
            }
            threads.shutdownNow();
        }
        assertThat(1 + answers.stream().filter(TicketIssuerTest::isPutOff).count())
                .isBetween(1L, (long) (crowd - places));
    }

    @Test
    @Claim("FLT-36")
    @DisplayName("However often somebody signs in at once, it is computed once, each with its own")
    void equalAtOnce() throws InterruptedException {
        Optional<Classified<byte[]>> verifier = verifier("correct horse");
        BlockingQueue<Boolean> right = new LinkedBlockingQueue<>();
        BlockingQueue<Boolean> wrong = new LinkedBlockingQueue<>();
        int crowd = 2_000;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < crowd; i++) {
                threads.execute(() -> right.add(isLetIn(verifier, "correct horse")));
                threads.execute(() -> wrong.add(isLetIn(verifier, "wrong horse")));
            }
        }
        assertThat(right).hasSize(crowd).containsOnly(true);
        assertThat(wrong).hasSize(crowd).containsOnly(false);
    }

    private boolean isLetIn(Optional<Classified<byte[]>> verifier, String password) {
        Outcome<SignedTicket> answer =
                issuer.signIn(
                        "ann", verifier, Secret.ofUtf8(password), Optional.of(CLAIMS), CHANNEL);
        assertThat(answer).isNotInstanceOf(Outcome.Deferred.class);
        return answer instanceof Outcome.Done;
    }

    private static boolean isPutOff(Outcome<SignedTicket> answer) {
        return answer instanceof Outcome.Deferred<SignedTicket>(Problem problem)
                && problem.enhanced().equals("4.7.0");
    }

    @Test
    @Claim("ATK-84")
    @DisplayName("A ticket is narrowed and lent, never widened")
    void narrow() {
        assertThat(signed(issuer.narrow(user(), Set.of(Operation.READ)))).isTrue();
        assertThatThrownBy(() -> issuer.narrow(user(), Set.of(Operation.EXPUNGE)))
                .isInstanceOf(AccessDenied.class);
        assertThatThrownBy(
                        () -> issuer.delegate(user(), Fixture.ANOTHER, Set.of(Operation.WRITE), 3))
                .isInstanceOf(AccessDenied.class);
        assertThat(signed(issuer.renew(user(), 4))).isTrue();
        assertThat(
                        signed(
                                issuer.module(
                                        "imap",
                                        new UUID(8, 8),
                                        Set.of(Operation.READ),
                                        0,
                                        CHANNEL)))
                .isTrue();
    }
}
