package io.mailkeep.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Ten forged tickets in a minute are an alert on the audit log, one a minute")
@Claim({"DAT-3", "ATK-81"})
class ForgeryAlertTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private void forge(int count) {
        SignedTicket module = bench.sign(bench.module("imap", Operation.READ));
        for (int i = 0; i < count; i++) {
            SignedTicket forged =
                    i % 2 == 0
                            ? Bench.sign(TicketCodec.encode(bench.user()), Bench.pair())
                            : new SignedTicket(new byte[] {9}, new byte[64]);
            refused(forged, module);
        }
    }

    private void refused(SignedTicket person, SignedTicket module) {
        assertThat(bench.authority.admit(person, module, bench.channel, bench.process))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void theTenthIsAndANinthIsNot() {
        forge(9);
        assertThat(bench.rows.alerts).isEmpty();
        forge(1);
        assertThat(bench.rows.alerts).hasSize(1);
        assertThat(bench.rows.alerts.getFirst())
                .contains("\"count\":\"10\"", "\"decision\":\"REFUSED\"");
    }

    @Test
    void tenInMoreThanAMinuteAreNone() {
        for (int i = 0; i < 30; i++) {
            forge(1);
            bench.time.pass(Duration.ofSeconds(7));
        }
        assertThat(bench.rows.alerts).isEmpty();
    }

    @Test
    void aFloodIsOneAMinuteAndNoneIsLeftOutOfTheCount() {
        forge(500);
        bench.time.pass(Duration.ofSeconds(59));
        forge(10);
        assertThat(bench.rows.alerts).hasSize(1);
        bench.time.pass(Duration.ofSeconds(1));
        forge(1);
        assertThat(bench.rows.alerts).hasSize(2);
        assertThat(bench.rows.alerts.getLast()).contains("\"count\":\"501\"");
    }

    @Test
    void whatIsOnlyOldOrAnothersIsNoForgery() {
        SignedTicket module = bench.sign(bench.module("imap", Operation.READ));
        SignedTicket expired = bench.sign(bench.user(Operation.READ));
        bench.time.pass(Duration.ofHours(1));
        SignedTicket fresh = bench.sign(bench.module("imap", Operation.READ));
        for (int i = 0; i < 20; i++) {
            refused(expired, fresh);
            refused(module, fresh);
        }
        assertThat(bench.rows.alerts).isEmpty();
    }

    @Test
    void anAlertThatCannotBeToldLetsNothingThrough() {
        bench.rows.away = true;
        forge(20);
        assertThat(bench.rows.alerts).isEmpty();
    }
}
