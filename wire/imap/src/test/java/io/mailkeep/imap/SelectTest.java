package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SELECT, EXAMINE, UNSELECT, CLOSE, STATUS, NOOP, CHECK: RFC 9051 6.3.2 on. */
@ExtendWith(ImapFixture.Resolver.class)
class SelectTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private static final String MAIL = "Subject: x\n\nbody\n";

    @Test
    void selectForRev1() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL)) {
            client.run("STORE 1 +FLAGS (\\Seen $Forwarded)");
            Answer answer = client.run("SELECT inbox");
            assertThat(answer.untagged().getFirst()).startsWith("* OK [CLOSED]");
            assertThat(answer.text())
                    .contains("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded)")
                    .contains("* 2 EXISTS", "* 0 RECENT", "* OK [UNSEEN 2]")
                    .contains("[PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft")
                    .contains(" \\*)]", "* OK [UIDNEXT 3]", "* OK [UIDVALIDITY ")
                    .contains("* OK [HIGHESTMODSEQ ")
                    .contains("OK [READ-WRITE]")
                    .doesNotContain("* LIST");
        }
    }

    @Test
    void selectForRev2() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.run("ENABLE IMAP4rev2");
            Answer answer = client.run("SELECT Sent");
            assertThat(answer.text())
                    .contains(
                            "* 0 EXISTS",
                            "* LIST (\\HasNoChildren \\Sent \\Subscribed) \"/\" \"Sent\"")
                    .doesNotContain("RECENT", "UNSEEN", "CLOSED");
        }
    }

    @Test
    void examineChangesNothing() throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            Answer answer = client.run("EXAMINE INBOX");
            assertThat(answer.tagged()).startsWith("OK [READ-ONLY]");
            assertThat(answer.text()).contains("[PERMANENTFLAGS ()]");
            assertThat(client.run("STORE 1 +FLAGS \\Seen").tagged()).startsWith("NO");
            assertThat(client.run("EXPUNGE").tagged()).startsWith("NO");
            assertThat(client.run("MOVE 1 Trash").tagged()).startsWith("NO");
            client.run("FETCH 1 BODY[]");
            assertThat(client.run("FETCH 1 FLAGS").text()).contains("* 1 FETCH (FLAGS ())");
            assertThat(client.run("CLOSE").isOk()).isTrue();
        }
    }

    @Test
    void aFailedSelectLeavesNothingSelected() throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            assertThat(client.run("SELECT nowhere").tagged()).startsWith("NO [NONEXISTENT]");
            assertThat(client.run("FETCH 1 FLAGS").tagged()).startsWith("BAD");
        }
    }

    @Test
    void closeExpungesSilentlyAndUnselectDoesNot() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL)) {
            client.run("STORE 1 +FLAGS (\\Deleted)");
            assertThat(client.run("UNSELECT").untagged()).isEmpty();
            assertThat(client.run("SELECT INBOX").text()).contains("* 2 EXISTS");
            assertThat(client.run("CLOSE").untagged()).isEmpty();
            assertThat(client.run("CHECK").tagged()).startsWith("BAD");
            assertThat(client.run("SELECT INBOX").text()).contains("* 1 EXISTS");
            assertThat(client.run("CHECK").isOk()).isTrue();
        }
    }

    @Test
    void statusTellsAllThatIsAsked() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL, MAIL)) {
            client.run("STORE 1 +FLAGS (\\Deleted \\Seen)");
            String text =
                    client.run(
                                    "STATUS inbox (MESSAGES UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE"
                                            + " HIGHESTMODSEQ RECENT)")
                            .text();
            assertThat(text)
                    .containsPattern(
                            "\\* STATUS INBOX \\(MESSAGES 3 UIDNEXT 4 UIDVALIDITY [0-9]+ UNSEEN 2"
                                    + " DELETED 1 SIZE 60 HIGHESTMODSEQ [0-9]+ RECENT 0\\)");
            assertThat(client.run("STATUS nowhere (MESSAGES)").tagged())
                    .startsWith("NO [NONEXISTENT]");
            assertThat(client.run("STATUS INBOX (FOO)").tagged()).startsWith("BAD");
            assertThat(client.run("STATUS INBOX ()").tagged()).startsWith("BAD");
        }
    }

    @Test
    @Claim("ATK-54")
    void whatIsAnothersLooksLikeWhatIsNotThere() throws IOException {
        String other = imap.account();
        try (ImapClient client = imap.signedIn()) {
            for (String command :
                    List.of(
                            "SELECT %s",
                            "EXAMINE %s",
                            "STATUS %s (MESSAGES)",
                            "DELETE %s",
                            "RENAME %s mine",
                            "LIST \"\" %s")) {
                String nothing = client.run(command.formatted("nowhere")).text();
                for (String name :
                        List.of("Other Users/" + other, "Other Users/x/INBOX", "Shared/x")) {
                    assertThat(client.run(command.formatted('"' + name + '"')).text())
                            .as(command)
                            .isEqualTo(nothing);
                }
            }
        }
    }

    @Test
    void mailOfAStrangerArrives() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account)) {
            client.run("SELECT INBOX");
            imap.deliver(account, "Subject: hello\r\n\r\nx\r\n");
            assertThat(client.run("NOOP").text()).contains("* 1 EXISTS");
            assertThat(client.run("FETCH 1 (BODY[HEADER] RFC822.SIZE BODY[TEXT])").text())
                    .contains("BODY[HEADER] {35}\r\nReturn-Path: <>\r\nSubject: hello\r\n\r\n")
                    .contains("RFC822.SIZE 38", "BODY[TEXT] {3}\r\nx\r\n");
        }
    }
}
