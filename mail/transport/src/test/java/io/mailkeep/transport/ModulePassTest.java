package io.mailkeep.transport;

import static io.mailkeep.identity.House.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.Event;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.Ticket;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A module's pass is the admission of its current ticket")
class ModulePassTest extends AtThePremises {
    private Outcome<Access> resolving() {
        return premises.pass
                .admission()
                .then(admission ->
                        premises.authority.decideModule(
                                admission, Operation.RESOLVE, Event.INSTALLATION));
    }

    @Test
    @Claim("DAT-3")
    void aTicketIsAdmittedOnceAndItsSuccessorAfterIt() {
        Admission first = done(premises.pass.admission());
        assertThat(done(premises.pass.admission())).isSameAs(first);
        premises.renewModuleTicket();
        Admission second = done(premises.pass.admission());
        assertThat(second).isNotSameAs(first);
        assertThat(second.module().id()).isNotEqualTo(first.module().id());
    }

    @Test
    @Claim("ATK-82")
    void anExpiredTicketDecidesNothingAndARenewedOneDoes() {
        done(resolving());
        premises.time.advance(Duration.ofMinutes(15));
        assertThat(resolving()).isInstanceOf(Outcome.Refused.class);
        premises.renewModuleTicket();
        done(resolving());
    }

    @Test
    @Claim("ATK-86")
    void aRevokedModuleIsRefusedAtOnceAndComesBackWithAFreshTicket() {
        done(resolving());
        premises.epochs.revoke(Ticket.Module.subjectOf("smtp"));
        assertThat(resolving()).isInstanceOf(Outcome.Refused.class);
        premises.renewModuleTicket();
        done(resolving());
    }

    @Test
    @Claim("DAT-3")
    void aTicketThatWasRefusedIsJudgedAgain() throws GeneralSecurityException {
        AtomicReference<PublicKey> key =
                new AtomicReference<>(
                        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());
        var pass =
                new ModulePass(
                        premises.authority(key::get),
                        () -> premises.moduleTicket,
                        Premises.PROCESS);
        assertThat(pass.admission()).isInstanceOf(Outcome.Refused.class);
        key.set(premises.ticketKey());
        done(pass.admission());
    }

    @Test
    @Claim("ATK-83")
    void aTicketOfThisProcessIsWorthNothingOnAnotherBinding() {
        var stolen =
                new ModulePass(
                        premises.authority,
                        () -> premises.moduleTicket,
                        Premises.binding("another process"));
        assertThat(stolen.admission()).isInstanceOf(Outcome.Refused.class);
        assertThat(stolen.admission()).isInstanceOf(Outcome.Refused.class);
    }
}
