package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Command sequences as Thunderbird sends them: its spelling, its order, its pipelining. */
@ExtendWith(ImapFixture.Resolver.class)
class ThunderbirdTest {
    private static final String FIRST =
            "From: Ada <ada@one.test>\nTo: me@two.test\nSubject: first\n"
                    + "Date: Thu, 1 Jan 2026 10:00:00 +0000\nMessage-ID: <1@one.test>\n"
                    + "Content-Type: text/plain; charset=utf-8\n\nHello\n";
    private static final String SECOND =
            "From: Bob <bob@one.test>\nSubject: second\nMessage-ID: <2@one.test>\n"
                    + "References: <1@one.test>\nMIME-Version: 1.0\n"
                    + "Content-Type: multipart/mixed; boundary=\"b\"\n\n"
                    + "--b\nContent-Type: text/plain\n\ntext\n"
                    + "--b\nContent-Type: image/png; name=\"a.png\"\n"
                    + "Content-Transfer-Encoding: base64\n"
                    + "Content-Disposition: attachment; filename=\"a.png\"\n\nAAECAw==\n--b--\n";
    private static final String HEADERS =
            "BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date Message-ID Priority X-Priority"
                    + " References Newsgroups In-Reply-To Content-Type Reply-To)]";

    private ImapFixture imap;
    private String account = "";

    @BeforeEach
    void server(ImapFixture fixture) throws IOException {
        imap = fixture;
        account = imap.account();
        try (ImapClient client = imap.signedIn(account)) {
            client.append("INBOX", "", FIRST.replace("\n", "\r\n"));
            client.append("INBOX", "(\\Seen) ", SECOND.replace("\n", "\r\n"));
        }
    }

    private ImapClient opened() throws IOException {
        ImapClient client = imap.tls();
        assertThat(client.run("CAPABILITY").text()).contains("AUTH=PLAIN", "SASL-IR");
        String proof =
                Base64.getEncoder()
                        .encodeToString(
                                ("\0" + account + "\0" + ImapFixture.PASSWORD)
                                        .getBytes(StandardCharsets.UTF_8));
        assertThat(client.run("AUTHENTICATE PLAIN " + proof).tagged())
                .startsWith("OK [CAPABILITY ")
                .contains(" NAMESPACE ", " CONDSTORE")
                .doesNotContain("UTF8=ACCEPT", "COMPRESS");
        assertThat(client.run("ID (\"name\" \"Thunderbird\" \"version\" \"140.0\")").untagged())
                .containsExactly("* ID (\"name\" \"Mailkeep\")");
        assertThat(client.run("NAMESPACE").untagged())
                .containsExactly("* NAMESPACE ((\"\" \"/\")) NIL NIL");
        return client;
    }

    @Test
    void discoversFoldersAndTheirUses() throws IOException {
        try (ImapClient client = opened()) {
            Answer subscribed = client.run("LIST (SUBSCRIBED) \"\" \"*\" RETURN (SPECIAL-USE)");
            assertThat(subscribed.untagged())
                    .hasSize(6)
                    .contains(
                            "* LIST (\\HasNoChildren \\Sent \\Subscribed) \"/\" \"Sent\"",
                            "* LIST (\\HasNoChildren \\Trash \\Subscribed) \"/\" \"Trash\"",
                            "* LIST (\\HasNoChildren \\Drafts \\Subscribed) \"/\" \"Drafts\"");
            assertThat(client.run("list \"\" \"INBOX\"").untagged())
                    .containsExactly("* LIST (\\HasNoChildren) \"/\" INBOX");
            assertThat(client.run("create \"Projekte&APw-\"").isOk()).isTrue();
            assertThat(client.run("subscribe \"Projekte&APw-\"").isOk()).isTrue();
            assertThat(client.run("lsub \"\" \"*\"").text()).contains("\"Projekte&APw-\"");
            assertThat(client.run("rename \"Projekte&APw-\" \"Projekte\"").isOk()).isTrue();
            assertThat(client.run("unsubscribe \"Projekte&APw-\"").isOk()).isTrue();
            assertThat(client.run("subscribe \"Projekte\"").isOk()).isTrue();
            assertThat(client.run("lsub \"\" \"Pro*\"").untagged())
                    .containsExactly("* LSUB () \"/\" \"Projekte\"");
            assertThat(client.run("STATUS \"Sent\" (UIDNEXT MESSAGES UNSEEN RECENT)").untagged())
                    .containsExactly("* STATUS \"Sent\" (UIDNEXT 1 MESSAGES 0 UNSEEN 0 RECENT 0)");
        }
    }

    @Test
    void readsTheInboxIdlesAndIsToldOfNewMail() throws IOException {
        try (ImapClient client = opened()) {
            Answer select = client.run("SELECT \"INBOX\" (CONDSTORE)");
            assertThat(select.text()).contains("* 2 EXISTS", "[HIGHESTMODSEQ ", "[UIDNEXT 3]");
            assertThat(client.run("UID fetch 1:* (FLAGS)").untagged())
                    .containsExactly(
                            "* 1 FETCH (FLAGS () UID 1)", "* 2 FETCH (FLAGS (\\Seen) UID 2)");
            Answer headers = client.run("UID fetch 1:2 (UID RFC822.SIZE FLAGS " + HEADERS + ")");
            assertThat(headers.untagged().getFirst())
                    .startsWith("* 1 FETCH (UID 1 RFC822.SIZE ")
                    .contains("Message-ID: <1@one.test>\r\n")
                    .endsWith("\r\n\r\n)");
            assertThat(headers.untagged().getLast())
                    .contains("References: <1@one.test>\r\n")
                    .doesNotContain("MIME-Version");
            client.send("9 IDLE\r\n");
            assertThat(client.response()).startsWith("+ ");
            imap.deliver(account, FIRST.replace("\n", "\r\n"));
            assertThat(client.response()).isEqualTo("* 3 EXISTS");
            // DONE and the next commands come in one go.
            client.send("DONE\r\n10 noop\r\n11 UID fetch 3:* (FLAGS)\r\n");
            assertThat(client.answer("9").isOk()).isTrue();
            assertThat(client.answer("10").isOk()).isTrue();
            assertThat(client.answer("11").untagged())
                    .containsExactly("* 3 FETCH (FLAGS () UID 3)");
            assertThat(
                            client.run("UID fetch 3 (UID RFC822.SIZE BODY.PEEK[])")
                                    .untagged()
                                    .getFirst())
                    .contains("Return-Path: <>\r\n", "\r\n\r\nHello\r\n");
            assertThat(client.run("UID store 3 +Flags (\\Seen)").untagged().getFirst())
                    .matches("\\* 3 FETCH \\(UID 3 FLAGS \\(\\\\Seen\\) MODSEQ \\([0-9]+\\)\\)");
        }
    }

    @Test
    void readsOnePartOfMany() throws IOException {
        try (ImapClient client = opened()) {
            client.run("SELECT \"INBOX\" (CONDSTORE)");
            assertThat(client.run("UID fetch 2 (BODYSTRUCTURE)").untagged().getFirst())
                    .contains("(\"text\" \"plain\" ", "(\"attachment\" (\"filename\" \"a.png\"))");
            assertThat(
                            client.run(
                                            "UID fetch 2 (UID BODY.PEEK[HEADER] BODY.PEEK[1.MIME] BODY.PEEK[1])")
                                    .untagged()
                                    .getFirst())
                    .contains("BODY[1.MIME] {28}\r\nContent-Type: text/plain\r\n\r\n")
                    .contains("BODY[1] {4}\r\ntext)");
            assertThat(client.run("UID fetch 2 BODY.PEEK[2]<0.4>").untagged())
                    .containsExactly("* 2 FETCH (BODY[2]<0> {4}\r\nAAEC UID 2)");
        }
    }

    @Test
    void movesDeletesAndKeepsACopyOfWhatItSent() throws IOException {
        try (ImapClient client = opened()) {
            client.run("SELECT \"INBOX\" (CONDSTORE)");
            Answer move = client.run("UID move 1 \"Trash\"");
            assertThat(move.untagged().getFirst()).matches("\\* OK \\[COPYUID [0-9]+ 1 1] .*");
            assertThat(move.untagged().getLast()).isEqualTo("* 1 EXPUNGE");
            assertThat(client.run("UID copy 2 \"Archive\"").tagged())
                    .matches("OK \\[COPYUID [0-9]+ 2 1] .*");
            assertThat(client.run("UID store 2 +FLAGS (\\Deleted)").isOk()).isTrue();
            assertThat(client.run("UID expunge 2").untagged()).containsExactly("* 1 EXPUNGE");
            Answer sent = client.append("\"Sent\"", "(\\Seen) ", FIRST.replace("\n", "\r\n"));
            assertThat(sent.tagged()).matches("OK \\[APPENDUID [0-9]+ 1] .*");
            client.run("SELECT \"Sent\" (CONDSTORE)");
            assertThat(client.run("UID SEARCH UNDELETED HEADER Message-ID <1@one.test>").untagged())
                    .containsExactly("* SEARCH 1");
            assertThat(client.run("close").untagged()).isEmpty();
            assertThat(client.run("LOGOUT").untagged()).containsExactly("* BYE Goodbye");
        }
    }

    @Test
    void comesBackAndAsksOnlyForWhatChanged() throws IOException {
        String known;
        try (ImapClient client = opened()) {
            known =
                    client.run("SELECT \"INBOX\" (CONDSTORE)")
                            .text()
                            .replaceAll("(?s).*HIGHESTMODSEQ ([0-9]+).*", "$1");
        }
        try (ImapClient other = imap.signedIn(account)) {
            other.run("SELECT INBOX");
            other.run("STORE 2 +FLAGS ($Forwarded)");
        }
        try (ImapClient client = opened()) {
            client.run("SELECT \"INBOX\" (CONDSTORE)");
            Answer changed = client.run("UID fetch 1:* (FLAGS) (CHANGEDSINCE " + known + ")");
            assertThat(changed.untagged()).hasSize(1);
            assertThat(changed.untagged().getFirst())
                    .matches(
                            "\\* 2 FETCH \\(FLAGS \\(\\\\Seen \\$Forwarded\\) MODSEQ \\([0-9]+\\) UID 2\\)");
        }
    }
}
