package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of RFC 9051 6.4 and 8 as dialogues; differences: {@link Rev2ExamplesTest}. */
@ExtendWith(ImapFixture.Resolver.class)
class Rev2MessagesTest {
    private static final String MINUTES =
            """
            Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
            From: Terry Gray <gray@cac.washington.edu>
            Subject: IMAP4rev2 WG mtg summary and minutes
            To: imap@cac.washington.edu
            cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
            Message-Id: <B27397-0100000@cac.washington.edu>
            MIME-Version: 1.0
            Content-Type: TEXT/PLAIN; CHARSET=US-ASCII

            minutes
            """
                    .replace("\n", "\r\n");

    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    /**
     * Eleven messages: odd ones from Smith, the first six flagged, received on 1 to 11 Feb 1994.
     */
    private ImapClient eleven() throws IOException {
        ImapClient client = imap.signedIn();
        client.run("ENABLE IMAP4rev2");
        for (int i = 1; i <= 11; i++) {
            client.append(
                    "INBOX",
                    (i <= 6 ? "(\\Flagged) " : "")
                            + String.format("\"%2d-Feb-1994 12:00:00 +0000\" ", i),
                    "From: "
                            + (i % 2 == 1 ? "Smith" : "Eric")
                            + " <a@b.test>\r\n\r\n"
                            + i
                            + "\r\n");
        }
        client.run("SELECT INBOX");
        return client;
    }

    private static void answers(ImapClient client, String command, String... untagged)
            throws IOException {
        Answer answer = client.run(command);
        assertThat(answer.tagged()).as(command).startsWith("OK");
        assertThat(
                        answer.untagged().stream()
                                .map(one -> one.replaceAll("TAG \"[a-z0-9]+\"", "TAG t"))
                                .toList())
                .as(command)
                .containsExactly(untagged);
    }

    @Test
    @DisplayName("RFC 9051 6.4.1 to 6.4.3: CLOSE, UNSELECT, EXPUNGE")
    void leavingAndExpunging() throws IOException {
        try (ImapClient client = eleven()) {
            client.run("STORE 3,4,7,11 +FLAGS.SILENT (\\Deleted)");
            client.run("EXAMINE INBOX");
            // CLOSE after EXAMINE removes nothing (6.4.1).
            answers(client, "CLOSE");
            client.run("SELECT INBOX");
            answers(client, "UNSELECT");
            answers(
                    client,
                    "STATUS INBOX (MESSAGES DELETED)",
                    "* STATUS INBOX (MESSAGES 11 DELETED 4)");
            client.run("SELECT INBOX");
            answers(client, "EXPUNGE", "* 11 EXPUNGE", "* 7 EXPUNGE", "* 4 EXPUNGE", "* 3 EXPUNGE");
            answers(client, "EXPUNGE");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.4.4: SEARCH answers with ESEARCH, with every return option")
    void searching() throws IOException {
        try (ImapClient client = eleven()) {
            String keys = "FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"";
            answers(client, "SEARCH RETURN (MIN COUNT) " + keys, "* ESEARCH (TAG t) MIN 2 COUNT 3");
            answers(client, "SEARCH RETURN () " + keys, "* ESEARCH (TAG t) ALL 2,4,6");
            answers(client, "SEARCH " + keys, "* ESEARCH (TAG t) ALL 2,4,6");
            answers(client, "UID SEARCH " + keys, "* ESEARCH (TAG t) UID ALL 2,4,6");
            answers(client, "SEARCH RETURN (MAX) " + keys, "* ESEARCH (TAG t) MAX 6");
            answers(client, "SEARCH RETURN (COUNT) FROM \"none\"", "* ESEARCH (TAG t) COUNT 0");
            answers(client, "SEARCH TEXT \"string not in mailbox\"", "* ESEARCH (TAG t)");
            // Sizes of exactly n octets are neither LARGER nor SMALLER than n.
            answers(client, "SEARCH LARGER 31 SMALLER 33 1:3", "* ESEARCH (TAG t)");
            int size = "From: Eric <a@b.test>\r\n\r\n2\r\n".length();
            answers(client, "SEARCH 2 LARGER " + size, "* ESEARCH (TAG t)");
            answers(client, "SEARCH 2 SMALLER " + size, "* ESEARCH (TAG t)");
            answers(client, "SEARCH 2 LARGER " + (size - 1), "* ESEARCH (TAG t) ALL 2");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.4.4.4, examples 1 to 9: $ in FETCH, SEARCH, COPY, STORE")
    void savedResults() throws IOException {
        try (ImapClient client = eleven()) {
            answers(client, "SEARCH RETURN (SAVE) FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"");
            answers(
                    client,
                    "FETCH $ (UID FLAGS)",
                    "* 2 FETCH (UID 2 FLAGS (\\Flagged))",
                    "* 4 FETCH (UID 4 FLAGS (\\Flagged))",
                    "* 6 FETCH (UID 6 FLAGS (\\Flagged))");
            answers(client, "UID SEARCH UID $ SMALLER 4096", "* ESEARCH (TAG t) UID ALL 2,4,6");
            answers(client, "UID SEARCH $ SMALLER 4096", "* ESEARCH (TAG t) UID ALL 2,4,6");
            answers(
                    client,
                    "SEARCH CHARSET UTF-8 (OR $ 1,9:11)",
                    "* ESEARCH (TAG t) ALL 1:2,4,6,9:11");
            // A search that fails leaves nothing saved, and "$" without messages is no mistake.
            assertThat(
                            client.run(
                                            "SEARCH RETURN (SAVE) CHARSET KOI8-R (OR $ 1,9) TEXT {4}",
                                            "XXXX")
                                    .tagged())
                    .startsWith("NO [BADCHARSET (UTF-8 US-ASCII)]");
            answers(client, "COPY $ Archive");
            answers(client, "SEARCH $", "* ESEARCH (TAG t)");
            // Pipelined: the second runs on what the first saved.
            client.send(
                    "F282 SEARCH RETURN (SAVE) 1:2\r\nF283 COPY $ Junk\r\n"
                            + "F284 STORE $ +FLAGS.Silent (\\Deleted)\r\n");
            assertThat(client.answer("F282").untagged()).isEmpty();
            assertThat(client.answer("F283").tagged()).matches("OK \\[COPYUID [0-9]+ 1:2 1:2] .*");
            assertThat(client.answer("F284").untagged()).isEmpty();
            // The last one counts; what is expunged leaves it.
            answers(client, "SEARCH RETURN (SAVE) KEYWORD $Junk");
            answers(client, "SEARCH RETURN (SAVE) 1:3");
            answers(client, "EXPUNGE", "* 2 EXPUNGE", "* 1 EXPUNGE");
            answers(client, "FETCH $ (UID)", "* 1 FETCH (UID 3)");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.4.4.4, example 10: what is saved beside MIN, MAX, ALL, COUNT")
    void whatIsSaved() throws IOException {
        try (ImapClient client = eleven()) {
            String keys = "FLAGGED NOT FROM \"Smith\"";
            String[][] cases = {
                {"(ALL SAVE)", " ALL 2,4,6", " ALL 2,4,6"},
                {"(SAVE MIN)", " MIN 2", " ALL 2"},
                {"(SAVE MAX)", " MAX 6", " ALL 6"},
                {"(MAX SAVE MIN)", " MIN 2 MAX 6", " ALL 2,6"},
                {"(MAX SAVE MIN COUNT)", " MIN 2 MAX 6 COUNT 3", " ALL 2,4,6"},
                {"(ALL SAVE MIN)", " MIN 2 ALL 2,4,6", " ALL 2,4,6"},
            };
            for (String[] one : cases) {
                answers(
                        client,
                        "SEARCH RETURN " + one[0] + " " + keys,
                        "* ESEARCH (TAG t)" + one[1]);
                answers(client, "SEARCH $", "* ESEARCH (TAG t)" + one[2]);
            }
            // Without SAVE it stays as it was.
            answers(client, "SEARCH RETURN (COUNT) 9", "* ESEARCH (TAG t) COUNT 1");
            answers(client, "SEARCH $", "* ESEARCH (TAG t) ALL 2,4,6");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.4.5 to 6.4.7, 6.4.9: FETCH, STORE, COPY, UID")
    void fetchStoreCopy() throws IOException {
        try (ImapClient client = eleven()) {
            answers(
                    client,
                    "FETCH 2:3 (FLAGS BODY.PEEK[HEADER.FIELDS (DATE FROM)])",
                    "* 2 FETCH (FLAGS (\\Flagged) BODY[HEADER.FIELDS (DATE FROM)] {25}\r\n"
                            + "From: Eric <a@b.test>\r\n\r\n)",
                    "* 3 FETCH (FLAGS (\\Flagged) BODY[HEADER.FIELDS (DATE FROM)] {26}\r\n"
                            + "From: Smith <a@b.test>\r\n\r\n)");
            answers(
                    client,
                    "STORE 7:8 +FLAGS (\\Deleted)",
                    "* 7 FETCH (FLAGS (\\Deleted))",
                    "* 8 FETCH (FLAGS (\\Deleted))");
            client.run("CREATE MEETING");
            assertThat(client.run("COPY 2:4 MEETING").tagged())
                    .matches("OK \\[COPYUID [0-9]+ 2:4 1:3] COPY completed");
            answers(
                    client,
                    "UID FETCH 9:20 FLAGS",
                    "* 9 FETCH (FLAGS () UID 9)",
                    "* 10 FETCH (FLAGS () UID 10)",
                    "* 11 FETCH (FLAGS () UID 11)");
            answers(client, "UID FETCH 99 FLAGS");
            answers(client, "UID EXPUNGE 8:20", "* 8 EXPUNGE");
            assertThat(client.run("COPY 2 nowhere").tagged()).startsWith("NO [TRYCREATE]");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.4.8: MOVE tells COPYUID, then EXPUNGE, then OK")
    void moving() throws IOException {
        try (ImapClient client = eleven()) {
            client.run("CREATE foo");
            Answer answer = client.run("UID MOVE 4:6 foo");
            assertThat(answer.untagged().getFirst())
                    .matches("\\* OK \\[COPYUID [0-9]+ 4:6 1:3] .*");
            assertThat(answer.untagged().subList(1, 4))
                    .containsExactly("* 6 EXPUNGE", "* 5 EXPUNGE", "* 4 EXPUNGE");
            assertThat(answer.tagged()).startsWith("OK").doesNotContain("[");
            answers(client, "STATUS foo (MESSAGES)", "* STATUS \"foo\" (MESSAGES 3)");
        }
    }

    @Test
    @DisplayName("RFC 9051 8: the sample connection, with ours for SCRAM")
    void sample() throws IOException {
        try (ImapClient client = imap.inbox(MINUTES.replace("\r\n", "\n"))) {
            client.run("ENABLE IMAP4rev2");
            assertThat(client.run("fetch 1 full").untagged().getFirst())
                    .startsWith("* 1 FETCH (FLAGS () INTERNALDATE \"")
                    .endsWith(
                            " RFC822.SIZE "
                                    + MINUTES.length()
                                    + " ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\""
                                    + " \"IMAP4rev2 WG mtg summary and minutes\""
                                    + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                                    + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                                    + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                                    + " ((NIL NIL \"imap\" \"cac.washington.edu\"))"
                                    + " ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")"
                                    + "(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL"
                                    + " \"<B27397-0100000@cac.washington.edu>\")"
                                    + " BODY (\"text\" \"plain\" (\"CHARSET\" \"US-ASCII\") NIL NIL"
                                    + " \"7bit\" 9 1))");
            String header = MINUTES.substring(0, MINUTES.indexOf("\r\n\r\n") + 4);
            answers(
                    client,
                    "fetch 1 body[header]",
                    "* 1 FETCH (BODY[HEADER] {"
                            + header.length()
                            + "}\r\n"
                            + header
                            + " FLAGS (\\Seen))");
            answers(client, "store 1 +flags \\deleted", "* 1 FETCH (FLAGS (\\Deleted \\Seen))");
            assertThat(client.run("logout").text()).isEqualTo("* BYE Goodbye\nOK LOGOUT completed");
        }
    }
}
