package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** STORE: RFC 9051 6.4.6, RFC 7162 3.1.3. */
@ExtendWith(ImapFixture.Resolver.class)
class StoreTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private static final String MAIL = "Subject: x\n\nbody\n";

    @Test
    void replaceAddRemove() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL)) {
            assertThat(client.run("STORE 1:2 FLAGS (\\Seen \\Flagged)").untagged())
                    .containsExactly(
                            "* 1 FETCH (FLAGS (\\Flagged \\Seen))",
                            "* 2 FETCH (FLAGS (\\Flagged \\Seen))");
            assertThat(client.run("UID STORE 2 -FLAGS \\Seen").untagged())
                    .containsExactly("* 2 FETCH (UID 2 FLAGS (\\Flagged))");
            assertThat(client.run("STORE 2 +FLAGS.SILENT (\\Draft)").untagged()).isEmpty();
            assertThat(client.run("FETCH 2 FLAGS").untagged())
                    .containsExactly("* 2 FETCH (FLAGS (\\Flagged \\Draft))");
            assertThat(client.run("STORE 2 FLAGS ()").untagged())
                    .containsExactly("* 2 FETCH (FLAGS ())");
            // Without parentheses, several.
            assertThat(client.run("STORE 2 +FLAGS \\Seen \\Answered").untagged())
                    .containsExactly("* 2 FETCH (FLAGS (\\Answered \\Seen))");
        }
    }

    @Test
    void aNewKeywordIsAnnounced() throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            assertThat(client.run("STORE 1 +FLAGS ($Forwarded)").untagged())
                    .containsExactly(
                            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded)",
                            "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft"
                                    + " $Forwarded \\*)] Flags that stay",
                            "* 1 FETCH (FLAGS ($Forwarded))");
            // Keywords compare without case and keep their first spelling.
            assertThat(client.run("STORE 1 +FLAGS ($FORWARDED)").untagged())
                    .containsExactly("* 1 FETCH (FLAGS ($Forwarded))");
        }
    }

    @Test
    void malformed() throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            for (String bad :
                    List.of(
                            "STORE 1 +FLAGS (\\Recent)",
                            "STORE 1 FOO (\\Seen)",
                            "STORE 2 +FLAGS (\\Seen)",
                            "STORE 1 +FLAGS",
                            "STORE 0 +FLAGS (\\Seen)",
                            "STORE 1 +FLAGS (a]b)")) {
                assertThat(client.run(bad).tagged()).as(bad).startsWith("BAD");
            }
            assertThat(client.run("UID STORE 99 +FLAGS (\\Seen)").isOk()).isTrue();
        }
    }

    @Test
    void unchangedSince() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account);
                ImapClient other = imap.signedIn(account)) {
            client.append("INBOX", "", MAIL);
            client.append("INBOX", "", MAIL);
            String select = client.run("SELECT INBOX (CONDSTORE)").text();
            long highest =
                    Long.parseLong(select.replaceAll("(?s).*HIGHESTMODSEQ ([0-9]+).*", "$1"));
            other.run("SELECT INBOX");
            other.run("STORE 2 +FLAGS (\\Flagged)");
            Answer answer =
                    client.run("STORE 1:2 (UNCHANGEDSINCE " + highest + ") +FLAGS.SILENT (\\Seen)");
            assertThat(answer.tagged()).startsWith("OK [MODIFIED 2]");
            assertThat(answer.text()).containsPattern("\\* 1 FETCH \\(MODSEQ \\([0-9]+\\)\\)");
            // What stood in the way is told unasked (RFC 7162 3.1.3).
            assertThat(answer.text())
                    .containsPattern("\\* 2 FETCH \\(UID 2 FLAGS \\(\\\\Flagged\\) MODSEQ");
            assertThat(client.run("UID STORE 1 (UNCHANGEDSINCE 0) +FLAGS (\\Seen)").tagged())
                    .startsWith("OK [MODIFIED 1]");
            assertThat(other.run("NOOP").text()).contains("* 1 FETCH (UID 1 FLAGS (\\Seen))");
        }
    }

    @Test
    void othersAreTold() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account);
                ImapClient other = imap.signedIn(account)) {
            client.append("INBOX", "", MAIL);
            client.run("SELECT INBOX");
            other.run("SELECT INBOX");
            client.run("STORE 1 +FLAGS (\\Seen)");
            assertThat(other.run("NOOP").untagged())
                    .containsExactly("* 1 FETCH (UID 1 FLAGS (\\Seen))");
            // The session that did it heard it with its command, and only there.
            assertThat(client.run("NOOP").untagged()).isEmpty();
            assertThat(other.run("NOOP").untagged()).isEmpty();
        }
    }
}
