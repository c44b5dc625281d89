package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Deadlines and the number of connections of an account, with limits short enough to wait for. */
class DeadlinesTest {
    private static ImapFixture imap;

    @BeforeAll
    static void open() {
        ImapLimits usual = ImapLimits.standard();
        Duration second = Duration.ofSeconds(1);
        imap =
                new ImapFixture(
                        new ImapLimits(
                                usual.lineOctets(),
                                usual.commandOctets(),
                                usual.literals(),
                                usual.earlyLineOctets(),
                                usual.earlyCommandOctets(),
                                usual.messageOctets(),
                                usual.appendMemoryOctets(),
                                usual.fetchItems(),
                                usual.fieldNames(),
                                usual.sectionDepth(),
                                usual.searchKeys(),
                                usual.searchDepth(),
                                usual.searchOctets(),
                                usual.ranges(),
                                usual.patterns(),
                                usual.keywords(),
                                usual.badCommands(),
                                usual.signInFailures(),
                                3,
                                second.multipliedBy(5),
                                second.multipliedBy(4),
                                second,
                                second,
                                second,
                                Duration.ofMillis(500)));
    }

    @AfterAll
    static void close() {
        imap.close();
    }

    @Test
    @Claim("ATK-57")
    void idleSaysThatItIsThereAndEnds() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.send("i IDLE\r\n");
            assertThat(client.response()).startsWith("+");
            assertThat(client.response()).isEqualTo("* OK Still here");
            String last = client.response();
            while (last.startsWith("* OK")) {
                last = client.response();
            }
            assertThat(last).startsWith("* BYE");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Claim("ATK-57")
    void silentClientsAreToldGoodbye() throws IOException {
        try (ImapClient stranger = imap.tls();
                ImapClient person = imap.signedIn()) {
            assertThat(person.response()).startsWith("* BYE");
            assertThat(stranger.response()).startsWith("* BYE");
        }
    }

    @Test
    void aLiteralThatNeverComesEndsTheConnection() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.send("x APPEND INBOX {100}\r\n");
            assertThat(client.response()).startsWith("+");
            assertThat(client.response()).startsWith("* BYE");
        }
    }

    @Test
    @Claim("ATK-57")
    void anAccountHasSoManyConnections() throws IOException {
        String account = imap.account();
        List<ImapClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(imap.signedIn(account));
            for (ImapClient client : clients) {
                client.run("NOOP");
            }
        }
        try (ImapClient client = imap.tls()) {
            assertThat(
                            client.run("LOGIN " + account + " \"" + ImapFixture.PASSWORD + "\"")
                                    .tagged())
                    .startsWith("NO [LIMIT]");
            assertThat(client.response()).startsWith("* BYE Too many connections");
        }
        for (ImapClient client : clients) {
            client.run("LOGOUT");
            client.close();
        }
        imap.signedIn(account).close();
    }
}
