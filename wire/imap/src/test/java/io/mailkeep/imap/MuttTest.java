package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Command sequences as mutt sends them: STARTTLS, message numbers, polls, EXPUNGE at the end. */
@ExtendWith(ImapFixture.Resolver.class)
class MuttTest {
    private static final String HEADERS =
            "BODY.PEEK[HEADER.FIELDS (DATE FROM SENDER SUBJECT TO CC MESSAGE-ID REFERENCES"
                    + " CONTENT-TYPE CONTENT-DESCRIPTION IN-REPLY-TO REPLY-TO LINES LIST-POST"
                    + " LIST-SUBSCRIBE LIST-UNSUBSCRIBE X-LABEL X-ORIGINAL-TO)]";

    private ImapFixture imap;
    private String account = "";

    @BeforeEach
    void server(ImapFixture fixture) throws IOException {
        imap = fixture;
        account = imap.account();
        try (ImapClient client = imap.signedIn(account)) {
            for (int i = 1; i <= 4; i++) {
                client.append("INBOX", "\" " + i + "-Jan-2026 10:00:00 +0000\" ", mail(i));
            }
        }
    }

    private static String mail(int number) {
        return "From: a"
                + number
                + "@one.test\r\nSubject: mail "
                + number
                + "\r\nMessage-ID: <"
                + number
                + "@one.test>\r\nReceived: from x\r\n\r\nbody "
                + number
                + "\r\n";
    }

    private ImapClient opened() throws IOException {
        ImapClient client = imap.plain();
        assertThat(client.run("CAPABILITY").text()).contains("STARTTLS", "LOGINDISABLED");
        assertThat(client.startTls(imap.trust()).isOk()).isTrue();
        assertThat(client.run("CAPABILITY").text())
                .contains("AUTH=PLAIN")
                .doesNotContain("LOGINDISABLED");
        assertThat(client.run("LOGIN \"" + account + "\" \"" + ImapFixture.PASSWORD + "\"").isOk())
                .isTrue();
        assertThat(client.run("LIST \"\" \"\"").untagged())
                .containsExactly("* LIST (\\Noselect) \"/\" \"\"");
        return client;
    }

    @Test
    void pollsFoldersWithStatus() throws IOException {
        try (ImapClient client = opened()) {
            // All polls in one go, as mutt does for the folders it watches.
            client.send(
                    "a1 STATUS \"INBOX\" (UIDNEXT UIDVALIDITY UNSEEN RECENT MESSAGES)\r\n"
                            + "a2 STATUS \"Sent\" (UIDNEXT UIDVALIDITY UNSEEN RECENT MESSAGES)\r\n");
            assertThat(client.answer("a1").untagged().getFirst())
                    .matches(
                            "\\* STATUS INBOX \\(UIDNEXT 5 UIDVALIDITY [0-9]+ UNSEEN 4 RECENT 0"
                                    + " MESSAGES 4\\)");
            assertThat(client.answer("a2").untagged().getFirst())
                    .startsWith("* STATUS \"Sent\" (UIDNEXT 1 ");
        }
    }

    @Test
    void readsByNumberAndIsToldOfNewMailByNoop() throws IOException {
        try (ImapClient client = opened()) {
            assertThat(client.run("SELECT \"INBOX\"").text()).contains("* 4 EXISTS", "* 0 RECENT");
            Answer headers =
                    client.run("FETCH 1:4 (UID FLAGS INTERNALDATE RFC822.SIZE " + HEADERS + ")");
            assertThat(headers.untagged()).hasSize(4);
            assertThat(headers.untagged().get(2))
                    .startsWith(
                            "* 3 FETCH (UID 3 FLAGS () INTERNALDATE \" 3-Jan-2026 10:00:00 +0000\""
                                    + " RFC822.SIZE "
                                    + mail(3).length()
                                    + " BODY[HEADER.FIELDS (DATE FROM SENDER ")
                    .endsWith(
                            "From: a3@one.test\r\nSubject: mail 3\r\nMessage-ID: <3@one.test>\r\n"
                                    + "\r\n)");
            imap.deliver(account, mail(5));
            assertThat(client.run("NOOP").untagged()).containsExactly("* 5 EXISTS");
            assertThat(client.run("FETCH 5:5 (UID FLAGS)").untagged())
                    .containsExactly("* 5 FETCH (UID 5 FLAGS ())");
            assertThat(client.run("UID FETCH 3 BODY.PEEK[]").untagged().getFirst())
                    .contains("BODY[] {" + mail(3).length() + "}\r\n" + mail(3));
            assertThat(client.run("UID STORE 3 +FLAGS.SILENT (\\Seen)").untagged()).isEmpty();
            assertThat(client.run("FETCH 3 FLAGS").untagged())
                    .containsExactly("* 3 FETCH (FLAGS (\\Seen))");
        }
    }

    @Test
    void searchesOnTheServer() throws IOException {
        try (ImapClient client = opened()) {
            client.run("SELECT \"INBOX\"");
            assertThat(client.run("UID SEARCH BODY \"body 2\"").untagged())
                    .containsExactly("* SEARCH 2");
            assertThat(
                            client.run("UID SEARCH (OR HEADER \"SUBJECT\" \"mail 1\" FROM \"a4@\")")
                                    .untagged())
                    .containsExactly("* SEARCH 1 4");
            assertThat(client.run("UID SEARCH SINCE 3-Jan-2026 NOT BODY \"body 4\"").untagged())
                    .containsExactly("* SEARCH 3");
            assertThat(client.run("UID SEARCH 1:* NOT DELETED").untagged())
                    .containsExactly("* SEARCH 1 2 3 4");
        }
    }

    @Test
    void savesDeletesExpungesAndCloses() throws IOException {
        try (ImapClient client = opened()) {
            client.run("SELECT \"INBOX\"");
            assertThat(client.run("UID COPY 1:2 \"Archive\"").tagged())
                    .matches("OK \\[COPYUID [0-9]+ 1:2 1:2] .*");
            client.send(
                    "b1 UID STORE 1,2 +FLAGS.SILENT (\\Deleted)\r\n"
                            + "b2 UID STORE 4 +FLAGS.SILENT (\\Flagged)\r\nb3 EXPUNGE\r\n");
            assertThat(client.answer("b1").untagged()).isEmpty();
            assertThat(client.answer("b2").untagged()).isEmpty();
            assertThat(client.answer("b3").untagged())
                    .containsExactly("* 2 EXPUNGE", "* 1 EXPUNGE");
            assertThat(client.run("FETCH 1:2 (UID FLAGS)").untagged())
                    .containsExactly(
                            "* 1 FETCH (UID 3 FLAGS ())", "* 2 FETCH (UID 4 FLAGS (\\Flagged))");
            assertThat(
                            client.append(
                                            "\"Sent\"",
                                            "(\\Seen) \"25-Jan-2026 09:00:00 +0100\" ",
                                            mail(9))
                                    .isOk())
                    .isTrue();
            assertThat(client.run("UID STORE 3 +FLAGS.SILENT (\\Deleted)").isOk()).isTrue();
            assertThat(client.run("CLOSE").untagged()).isEmpty();
            assertThat(client.run("STATUS \"INBOX\" (MESSAGES)").untagged())
                    .containsExactly("* STATUS INBOX (MESSAGES 1)");
            assertThat(client.run("LOGOUT").tagged()).startsWith("OK");
        }
    }

    @Test
    void savesToAFolderThatItMakesFirst() throws IOException {
        try (ImapClient client = opened()) {
            client.run("SELECT \"INBOX\"");
            assertThat(client.run("UID COPY 1 \"2026/January\"").tagged())
                    .startsWith("NO [TRYCREATE]");
            assertThat(client.run("CREATE \"2026/January\"").isOk()).isTrue();
            assertThat(client.run("SUBSCRIBE \"2026/January\"").isOk()).isTrue();
            assertThat(client.run("UID COPY 1 \"2026/January\"").isOk()).isTrue();
            assertThat(client.run("LSUB \"\" \"2026/%\"").untagged())
                    .containsExactly("* LSUB () \"/\" \"2026/January\"");
        }
    }
}
