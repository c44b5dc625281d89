package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.sim.ShiftedTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tickets live 15 minutes; sessions live longer, because theirs are renewed against the account as
 * it is then. Time is the test's.
 */
class RenewalTest {
    private static final ShiftedTime TIME = new ShiftedTime();
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10).plusSeconds(30);
    private static ImapFixture imap;

    @BeforeAll
    static void open() {
        imap = new ImapFixture(ImapLimits.standard(), TIME);
    }

    @AfterAll
    static void close() {
        imap.close();
    }

    /** Lets ten minutes pass, and waits until the watch over sessions has had a ticket renewed. */
    private static void tenMinutes() throws InterruptedException {
        int before = imap.admissions();
        TIME.advance(TEN_MINUTES);
        while (imap.admissions() == before) {
            Time.system().sleep(Duration.ofMillis(20));
        }
    }

    @Test
    @Timeout(60)
    @Claim({"DAT-3", "ATK-82"})
    void aSessionThatWorksAndOneThatIdlesOutliveTheirTickets() throws Exception {
        String account = imap.account();
        try (ImapClient idle = imap.signedIn(account)) {
            idle.run("SELECT INBOX");
            idle.send("i IDLE\r\n");
            assertThat(idle.response()).startsWith("+");
            for (int i = 0; i < 4; i++) {
                tenMinutes();
            }
            imap.deliver(account, "Subject: x\r\n\r\n");
            String told = idle.response();
            while (told.equals("* OK Still here")) {
                told = idle.response();
            }
            assertThat(told).isEqualTo("* 1 EXISTS");
            idle.send("DONE\r\n");
            assertThat(idle.answer("i").isOk()).isTrue();
            assertThat(idle.run("STORE 1 +FLAGS (\\Seen)").isOk()).isTrue();
        }
    }

    @Test
    @Timeout(60)
    @Claim({"DAT-3", "ATK-82"})
    void aTicketThatHasRunOutIsNotRenewed() throws Exception {
        String account = imap.account();
        try (ImapClient idle = imap.signedIn(account);
                ImapClient quiet = imap.signedIn(account)) {
            idle.send("i IDLE\r\n");
            assertThat(idle.response()).startsWith("+");
            TIME.advance(Duration.ofMinutes(15));
            String told = idle.response();
            while (told.equals("* OK Still here")) {
                told = idle.response();
            }
            assertThat(told).startsWith("* BYE");
            assertThat(quiet.response()).startsWith("* BYE");
        }
    }

    @Test
    @Timeout(60)
    @Claim({"DAT-3", "ATK-79"})
    void aDisabledAccountIsNotRenewed() throws Exception {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account)) {
            imap.disable(account);
            TIME.advance(TEN_MINUTES);
            assertThat(client.response()).startsWith("* BYE");
        }
    }
}
