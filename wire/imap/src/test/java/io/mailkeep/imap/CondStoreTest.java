package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CONDSTORE: RFC 7162 3.1, paragraph by paragraph. */
@ExtendWith(ImapFixture.Resolver.class)
class CondStoreTest {
    private static final String MAIL = "Subject: x\n\nbody\n";

    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private static long modSeq(ImapClient client, int number) throws IOException {
        String row = client.run("FETCH " + number + " (MODSEQ)").untagged().getLast();
        return Long.parseLong(row.replaceAll(".*MODSEQ \\(([0-9]+)\\).*", "$1"));
    }

    private static long highest(String text) {
        return Long.parseLong(text.replaceAll("(?s).*HIGHESTMODSEQ ([0-9]+).*", "$1"));
    }

    @ParameterizedTest
    @DisplayName(
            "RFC 7162 3.1: each command that enables it, does: HIGHESTMODSEQ at once, MODSEQ from then on")
    @ValueSource(
            strings = {
                "ENABLE CONDSTORE",
                "STATUS INBOX (HIGHESTMODSEQ)",
                "FETCH 1 (MODSEQ)",
                "FETCH 1 FLAGS (CHANGEDSINCE 1)",
                "UID STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Seen)",
                "SEARCH MODSEQ 1",
                "SELECT INBOX (CONDSTORE)",
                "EXAMINE INBOX (CONDSTORE)"
            })
    void enabling(String command) throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account);
                ImapClient other = imap.signedIn(account)) {
            client.append("INBOX", "", MAIL);
            client.run("SELECT INBOX");
            other.run("SELECT INBOX");
            other.run("STORE 1 +FLAGS (\\Flagged)");
            assertThat(client.run("NOOP").untagged())
                    .containsExactly("* 1 FETCH (UID 1 FLAGS (\\Flagged))");
            Answer enabled = client.run(command);
            assertThat(enabled.tagged()).startsWith("OK");
            assertThat(enabled.with("* OK [HIGHESTMODSEQ ")).hasSize(1);
            assertThat(client.run(command).with("* OK [HIGHESTMODSEQ "))
                    .hasSize(command.contains("INBOX (CONDSTORE") ? 1 : 0);
            other.run("STORE 1 +FLAGS (\\Draft)");
            assertThat(client.run("NOOP").untagged().getLast())
                    .matches(
                            "\\* 1 FETCH \\(UID 1 FLAGS \\(\\\\Flagged \\\\Draft\\) MODSEQ \\([0-9]+\\)\\)");
        }
    }

    @Test
    @DisplayName(
            "RFC 7162 3.1.1, 3.1.2.1: every change has a larger MODSEQ; HIGHESTMODSEQ is the largest, never NOMODSEQ")
    void everyChangeCounts() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL)) {
            long one = modSeq(client, 1);
            long two = modSeq(client, 2);
            assertThat(two).isGreaterThan(one);
            long before = two;
            for (String change :
                    List.of(
                            "STORE 1 +FLAGS (\\Seen)",
                            "STORE 1 +FLAGS.SILENT ($Label)",
                            "STORE 1 -FLAGS (\\Seen)")) {
                client.run(change);
                assertThat(modSeq(client, 1)).as(change).isGreaterThan(before);
                before = modSeq(client, 1);
            }
            assertThat(modSeq(client, 2)).isEqualTo(two);
            // What changes nothing changes no MODSEQ (3.1.3).
            client.run("STORE 1 +FLAGS ($Label)");
            long same = modSeq(client, 1);
            String status = client.run("STATUS INBOX (HIGHESTMODSEQ)").text();
            assertThat(highest(status)).isGreaterThanOrEqualTo(same);
            client.run("STORE 1 +FLAGS (\\Deleted)");
            client.run("EXPUNGE");
            String select = client.run("SELECT INBOX").text();
            assertThat(highest(select)).isGreaterThan(same);
            for (String folder : List.of("Sent", "Archive", "INBOX")) {
                assertThat(client.run("SELECT " + folder).text())
                        .contains("* OK [HIGHESTMODSEQ ")
                        .doesNotContain("NOMODSEQ");
            }
        }
    }

    @Test
    @DisplayName(
            "RFC 7162 3.1.3: MODIFIED names numbers after STORE and UIDs after UID STORE; the rest is done")
    void unchangedSince() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL, MAIL, MAIL)) {
            client.run("STORE 1 +FLAGS.SILENT (\\Deleted)");
            client.run("EXPUNGE");
            client.run("ENABLE CONDSTORE");
            // Now message number n has UID n + 1.
            long since = highest(client.run("STATUS INBOX (HIGHESTMODSEQ)").text());
            client.run("STORE 2 +FLAGS.SILENT (\\Flagged)");
            Answer byNumber =
                    client.run("STORE 1:3 (UNCHANGEDSINCE " + since + ") +FLAGS.SILENT (\\Seen)");
            assertThat(byNumber.tagged()).startsWith("OK [MODIFIED 2]");
            assertThat(byNumber.untagged())
                    .hasSize(2)
                    .allMatch(one -> one.matches("\\* [13] FETCH \\(MODSEQ \\([0-9]+\\)\\)"));
            Answer byUid =
                    client.run("UID STORE 2:4 (UNCHANGEDSINCE " + since + ") +FLAGS (\\Draft)");
            assertThat(byUid.tagged()).startsWith("OK [MODIFIED 2:4]");
            // 0 is older than every message, and 2^63 - 1 younger.
            assertThat(client.run("STORE 1 (UNCHANGEDSINCE 0) FLAGS ()").tagged())
                    .startsWith("OK [MODIFIED 1]");
            Answer all = client.run("STORE 1 (UNCHANGEDSINCE 9223372036854775807) FLAGS (\\Seen)");
            assertThat(all.tagged()).startsWith("OK STORE");
            assertThat(all.untagged()).hasSize(1);
            for (String bad :
                    List.of(
                            "STORE 1 (UNCHANGEDSINCE 9223372036854775808) FLAGS ()",
                            "STORE 1 (UNCHANGEDSINCE -1) FLAGS ()",
                            "STORE 1 (UNCHANGEDSINCE) FLAGS ()",
                            "STORE 1 (UNCHANGEDSINCE 1 FLAGS ()")) {
                assertThat(client.run(bad).tagged()).as(bad).startsWith("BAD");
            }
        }
    }

    @Test
    @DisplayName("RFC 7162 3.1.4: CHANGEDSINCE leaves out what is as old, and always tells MODSEQ")
    void changedSince() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL, MAIL)) {
            long two = modSeq(client, 2);
            Answer answer = client.run("FETCH 1:* (FLAGS) (CHANGEDSINCE " + two + ")");
            assertThat(answer.untagged()).hasSize(1);
            assertThat(answer.untagged().getFirst())
                    .matches("\\* 3 FETCH \\(FLAGS \\(\\) MODSEQ \\([0-9]+\\)\\)");
            assertThat(
                            client.run("FETCH 1:* (FLAGS) (CHANGEDSINCE 9223372036854775807)")
                                    .untagged())
                    .isEmpty();
            assertThat(client.run("FETCH 1 (FLAGS) (CHANGEDSINCE -1)").tagged()).startsWith("BAD");
        }
    }

    @Test
    @DisplayName("RFC 7162 3.1.4: \\Seen set by FETCH is told with its MODSEQ")
    void seenByReading() throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            client.run("ENABLE CONDSTORE");
            assertThat(client.run("FETCH 1 BODY[TEXT]").untagged().getFirst())
                    .matches(
                            "(?s)\\* 1 FETCH \\(BODY\\[TEXT] .* FLAGS \\(\\\\Seen\\) MODSEQ \\([0-9]+\\)\\)");
        }
    }

    @Test
    @DisplayName(
            "RFC 7162 3.1.5, 3.1.6, 3.1.10: SEARCH MODSEQ, with an entry's name, in every form of answer")
    void searching() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL, MAIL)) {
            client.run("STORE 2 +FLAGS.SILENT (\\Draft)");
            long two = modSeq(client, 2);
            long three = modSeq(client, 3);
            assertThat(client.run("SEARCH MODSEQ " + three).untagged())
                    .containsExactly("* SEARCH 2 3 (MODSEQ " + two + ")");
            assertThat(client.run("SEARCH MODSEQ \"/flags/\\\\draft\" all " + two).untagged())
                    .containsExactly("* SEARCH 2 (MODSEQ " + two + ")");
            assertThat(client.run("SEARCH MODSEQ " + (two + 1)).untagged())
                    .containsExactly("* SEARCH");
            assertThat(client.run("SEARCH NOT MODSEQ " + three).untagged())
                    .containsExactly("* SEARCH 1 (MODSEQ " + modSeq(client, 1) + ")");
            assertThat(client.run("SEARCH RETURN (ALL) MODSEQ " + three).text())
                    .contains(" ALL 2:3 MODSEQ " + two);
            // MIN alone: of the first message found; MIN and MAX: the larger of the two.
            assertThat(client.run("SEARCH RETURN (MAX) MODSEQ " + three).text())
                    .contains(" MAX 3 MODSEQ " + three);
            assertThat(client.run("SEARCH RETURN (MIN) MODSEQ " + three).text())
                    .contains(" MIN 2 MODSEQ " + two);
            assertThat(client.run("SEARCH RETURN (MIN MAX) MODSEQ " + three).text())
                    .contains(" MIN 2 MAX 3 MODSEQ " + two);
            assertThat(client.run("SEARCH RETURN (COUNT) MODSEQ " + three).text())
                    .contains(" COUNT 2 MODSEQ " + two);
            assertThat(client.run("SEARCH RETURN (COUNT) ALL").text()).doesNotContain("MODSEQ");
            assertThat(client.run("SEARCH MODSEQ \"/flags/\\\\draft\" none 1").tagged())
                    .startsWith("BAD");
        }
    }

    @Test
    @DisplayName("RFC 7162 3.1.8: SELECT takes CONDSTORE, and nothing that isn't known")
    void parameters() throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            assertThat(client.run("SELECT INBOX (CONDSTORE)").tagged())
                    .startsWith("OK [READ-WRITE]");
            assertThat(client.run("SELECT INBOX (QRESYNC (1 2))").tagged()).startsWith("BAD");
            assertThat(client.run("SELECT INBOX ()").tagged()).startsWith("BAD");
        }
    }
}
