package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** IDLE: RFC 9051 6.3.13; sessions whose rights end. */
@ExtendWith(ImapFixture.Resolver.class)
class IdleTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private static final String MAIL = "Subject: x\r\n\r\nbody\r\n";

    @Test
    void changesAreToldWhileIdle() throws IOException {
        String account = imap.account();
        try (ImapClient idle = imap.signedIn(account);
                ImapClient other = imap.signedIn(account)) {
            idle.run("SELECT INBOX");
            other.run("SELECT INBOX");
            idle.send("i IDLE\r\n");
            assertThat(idle.response()).startsWith("+");
            other.append("INBOX", "", MAIL);
            assertThat(idle.response()).isEqualTo("* 1 EXISTS");
            other.run("STORE 1 +FLAGS (\\Deleted)");
            assertThat(idle.response()).isEqualTo("* 1 FETCH (UID 1 FLAGS (\\Deleted))");
            other.run("EXPUNGE");
            assertThat(idle.response()).isEqualTo("* 1 EXPUNGE");
            imap.deliver(account, MAIL);
            assertThat(idle.response()).isEqualTo("* 1 EXISTS");
            idle.send("DONE\r\n");
            assertThat(idle.response()).startsWith("i OK");
            assertThat(idle.run("FETCH 1 UID").text()).contains("UID 2");
        }
    }

    @Test
    void withoutAFolderAndWithAnotherWord() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.send("i IDLE\r\n");
            assertThat(client.response()).startsWith("+");
            client.send("done\r\n");
            assertThat(client.response()).startsWith("i OK");
            client.send("j IDLE\r\n");
            assertThat(client.response()).startsWith("+");
            client.send("NOOP\r\n");
            assertThat(client.response()).startsWith("j BAD");
            assertThat(client.run("NOOP").isOk()).isTrue();
        }
    }

    @Test
    @Claim("ATK-79")
    void aDisabledUserIsOutWithinASecondIdleOrNot() throws IOException {
        String account = imap.account();
        try (ImapClient idle = imap.signedIn(account);
                ImapClient quiet = imap.signedIn(account)) {
            idle.run("SELECT INBOX");
            idle.send("i IDLE\r\n");
            assertThat(idle.response()).startsWith("+");
            imap.disable(account);
            long start = Time.system().nanos();
            assertThat(idle.response()).startsWith("* BYE");
            assertThat(quiet.response()).startsWith("* BYE");
            assertThat(Duration.ofNanos(Time.system().nanos() - start))
                    .isLessThan(Duration.ofSeconds(1));
            assertThat(idle.isClosedByServer()).isTrue();
            assertThat(quiet.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Claim({"ATK-79", "ATK-80"})
    void aBusySessionEndsToo() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account)) {
            client.append("INBOX", "", "a: b\r\n\r\n" + "x".repeat(5_000_000));
            client.run("SELECT INBOX");
            // The client asks for much and reads nothing: the server's write waits.
            client.send("f FETCH 1 (BODY[] BODY[TEXT] BODY[1])\r\n".repeat(4));
            imap.disable(account);
            long start = Time.system().nanos();
            // Whatever was under way is cut short: the answers never all arrive.
            assertThat(client.octetsUntilClosed()).isLessThan(60_000_000);
            assertThat(Duration.ofNanos(Time.system().nanos() - start))
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    /** RFC 2180 3.3: what its messages were is gone, the session itself goes on. */
    @Test
    void aFolderThatAnotherSessionDeletesIsEmptyForWhoSelectedIt() throws IOException {
        String account = imap.account();
        try (ImapClient reader = imap.signedIn(account);
                ImapClient other = imap.signedIn(account)) {
            other.run("CREATE Shared");
            other.append("Shared", "", MAIL);
            other.append("Shared", "", MAIL);
            reader.run("SELECT Shared");
            assertThat(other.run("DELETE Shared").isOk()).isTrue();
            assertThat(reader.run("NOOP").untagged())
                    .containsExactlyInAnyOrder("* 2 EXPUNGE", "* 1 EXPUNGE");
            assertThat(reader.run("FETCH 1:* FLAGS").untagged()).isEmpty();
            assertThat(reader.run("SELECT INBOX").isOk()).isTrue();
        }
    }
}
