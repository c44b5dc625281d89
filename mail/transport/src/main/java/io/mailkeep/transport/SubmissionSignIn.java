package io.mailkeep.transport;

import io.mailkeep.identity.SignIn;
import io.mailkeep.identity.SignedIn;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Ticket;
import io.mailkeep.tickets.TicketAuthority;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Signs people in who want to send, and goes on checking that they may: each message is decided
 * with their own ticket, which is renewed while the session lasts ({@code DAT-3}).
 */
public final class SubmissionSignIn implements PasswordCheck {
    private static final Duration RENEW_BEFORE = Duration.ofMinutes(8);

    private final SignIn signIn;
    private final TicketAuthority authority;
    private final ModulePass pass;
    private final Time time;

    public SubmissionSignIn(SignIn signIn, TicketAuthority authority, ModulePass pass, Time time) {
        this.signIn = signIn;
        this.authority = authority;
        this.pass = pass;
        this.time = time;
    }

    @Override
    public Outcome<Submitter> check(
            String name, Secret password, byte[] channel, InetAddress remote) {
        ChannelBinding binding = new ChannelBinding(channel);
        return signIn.password(
                        pass.ticket(),
                        pass.process(),
                        name,
                        password,
                        binding,
                        remote.getHostAddress())
                .then(person -> admit(person.ticket(), binding).map(it -> new Held(person, it)))
                .map(held -> submitter(held, binding));
    }

    private record Held(SignedIn person, Admission admission) {}

    private Submitter submitter(Held held, ChannelBinding binding) {
        return new Submitter(
                held.person().tenant(),
                held.person().account(),
                held.person().addresses(),
                new Right(held.admission(), binding));
    }

    /** The right of one session; used by its thread. */
    private final class Right implements Supplier<Outcome<Access>> {
        private final ChannelBinding binding;
        private Admission admission;

        private Right(Admission admission, ChannelBinding binding) {
            this.admission = admission;
            this.binding = binding;
        }

        @Override
        public Outcome<Access> get() {
            Instant now = time.instant();
            Instant end = admission.person().map(Ticket::expires).orElse(now);
            if (now.isBefore(end.minus(RENEW_BEFORE))) {
                return authority.decide(admission, Operation.SUBMIT);
            }
            if (!now.isBefore(end)) {
                // Nobody asked for so long: that is no refusal of a right, so the mail can wait.
                return Outcome.failed(
                        Problem.temporary(
                                "Your sign-in is too old; connect and sign in again", "expired"));
            }
            return signIn.renew(admission)
                    .then(ticket -> admit(ticket, binding))
                    .then(renewed -> {
                        admission = renewed;
                        return authority.decide(renewed, Operation.SUBMIT);
                    });
        }
    }

    private Outcome<Admission> admit(SignedTicket person, ChannelBinding binding) {
        return authority.admit(person, pass.ticket(), binding, pass.process());
    }
}
