package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SEARCH: every key of RFC 9051 6.4.4 and RFC 3501 6.4.4; RFC 4731, RFC 5182, RFC 7162. */
@ExtendWith(ImapFixture.Resolver.class)
class SearchTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private static final String ONE =
            """
            From: =?utf-8?q?J=C3=BCrgen?= <jm@one.test>
            To: you@two.test
            Cc: cc@three.test
            Bcc: bcc@four.test
            Date: Mon, 5 Feb 2001 23:30:00 -1100
            Subject: =?iso-8859-1?q?Gr=FC=DFe?= aus
             Wien
            X-Odd: =?utf-8?b?w6RiYw==?=
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Stra=DFe und Gasse, in einer la=
            ngen Zeile
            """;

    private static final String TWO =
            """
            From: b@one.test
            Subject: two
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: base64
            X-Part: partheader

            PGI+bsOkZGVsPC9iPg==
            --x
            Content-Type: application/octet-stream

            hidden needle
            --x
            Content-Type: message/rfc822

            Subject: nested subject

            nested body
            --x--
            """;

    private static final String THREE = "From: c@one.test\n\n" + "long ".repeat(2_000) + "\n";

    private ImapClient three() throws IOException {
        ImapClient client = imap.signedIn();
        client.append(
                "INBOX",
                "(\\Seen \\Answered $Label) \" 1-Jan-2020 23:59:59 +0000\" ",
                ONE.replace("\n", "\r\n"));
        client.append(
                "INBOX",
                "(\\Flagged \\Draft) \" 2-Jan-2020 00:00:00 +0000\" ",
                TWO.replace("\n", "\r\n"));
        client.append(
                "INBOX",
                "(\\Deleted) \" 3-Jan-2020 12:00:00 +0000\" ",
                THREE.replace("\n", "\r\n"));
        client.run("SELECT INBOX");
        return client;
    }

    private static String found(ImapClient client, String keys) throws IOException {
        Answer answer = client.run("SEARCH " + keys);
        assertThat(answer.isOk()).as(keys + " " + answer.tagged()).isTrue();
        return answer.untagged().getFirst().replace("* SEARCH", "").strip();
    }

    @Test
    void flagsDatesSizesAndSets() throws IOException {
        try (ImapClient client = three()) {
            String[][] cases = {
                {"ALL", "1 2 3"},
                {"1,3", "1 3"},
                {"*", "3"},
                {"UID 2:*", "2 3"},
                {"UID 99", ""},
                {"SEEN", "1"},
                {"UNSEEN", "2 3"},
                {"ANSWERED", "1"},
                {"UNANSWERED", "2 3"},
                {"FLAGGED", "2"},
                {"UNFLAGGED", "1 3"},
                {"DRAFT", "2"},
                {"UNDRAFT", "1 3"},
                {"DELETED", "3"},
                {"UNDELETED", "1 2"},
                {"KEYWORD $label", "1"},
                {"UNKEYWORD $Label", "2 3"},
                {"KEYWORD none", ""},
                {"NEW", ""},
                {"RECENT", ""},
                {"OLD", "1 2 3"},
                {"ON 1-Jan-2020", "1"},
                {"BEFORE \"2-Jan-2020\"", "1"},
                {"SINCE 2-Jan-2020", "2 3"},
                {"SENTON 5-Feb-2001", "1"},
                {"SENTBEFORE 5-Feb-2001", ""},
                {"SENTSINCE 1-Jan-2001", "1"},
                {"LARGER 9000", "3"},
                {"SMALLER 9000", "1 2"},
                {"NOT SEEN", "2 3"},
                {"OR SEEN DELETED", "1 3"},
                {"(OR SEEN DELETED) 1", "1"},
                {"NOT (OR SEEN DELETED)", "2"},
                {"SEEN DELETED", ""},
                {"OR NOT 1:3 UID 1", "1"},
            };
            for (String[] one : cases) {
                assertThat(found(client, one[0])).as(one[0]).isEqualTo(one[1]);
            }
        }
    }

    @Test
    void headersAndEnvelope() throws IOException {
        try (ImapClient client = three()) {
            String[][] cases = {
                {"FROM \"JÜRGEN <jm@one\"", "1"},
                {"FROM one.test", "1 2 3"},
                {"TO YOU", "1"},
                {"CC cc@", "1"},
                {"BCC bcc", "1"},
                {"SUBJECT \"grüße aus wien\"", "1"},
                {"SUBJECT \"\"", "1 2"},
                {"HEADER X-Odd \"äbc\"", "1"},
                {"HEADER X-Odd \"\"", "1"},
                {"HEADER Content-Type boundary", "2"},
                {"HEADER x-none \"\"", ""},
                {"NOT FROM jm", "2 3"},
                {"OR SUBJECT two SEEN", "1 2"},
            };
            for (String[] one : cases) {
                assertThat(found(client, one[0])).as(one[0]).isEqualTo(one[1]);
            }
        }
    }

    @Test
    void bodiesAreDecoded() throws IOException {
        try (ImapClient client = three()) {
            String[][] cases = {
                {"BODY \"straße\"", "1"},
                {"BODY \"in einer langen\"", "1"},
                {"BODY STRASSE", ""},
                {"BODY \"nädel\"", "2"},
                {"BODY needle", ""},
                {"BODY \"nested subject\"", ""},
                {"TEXT \"nested subject\"", "2"},
                {"BODY \"nested body\"", "2"},
                {"BODY \"Grüße\"", ""},
                {"TEXT \"grüße\"", "1"},
                {"TEXT partheader", "2"},
                {"BODY partheader", ""},
                {"TEXT \"long long\"", "3"},
                {"NOT BODY nested", "1 3"},
                {"TEXT \"x-odd: äbc\"", "1"},
                {"BODY \"\"", "1 2 3"},
            };
            for (String[] one : cases) {
                assertThat(found(client, one[0])).as(one[0]).isEqualTo(one[1]);
            }
        }
    }

    @Test
    void charsets() throws IOException {
        try (ImapClient client = three()) {
            assertThat(found(client, "CHARSET UTF-8 SUBJECT \"grüße\"")).isEqualTo("1");
            assertThat(found(client, "CHARSET us-ascii SUBJECT two")).isEqualTo("2");
            assertThat(client.run("SEARCH CHARSET KOI8-R SUBJECT x").tagged())
                    .startsWith("NO [BADCHARSET (UTF-8 US-ASCII)]");
            assertThat(client.run("SEARCH CHARSET UTF-8 SUBJECT {7}", "stra\u00dfe").text())
                    .contains("OK");
        }
    }

    @Test
    void returnOptions() throws IOException {
        try (ImapClient client = three()) {
            String tag = client.run("NOOP").tag();
            int next = Integer.parseInt(tag.substring(1)) + 1;
            assertThat(client.run("SEARCH RETURN (MIN MAX ALL COUNT) UNSEEN").untagged())
                    .containsExactly(
                            "* ESEARCH (TAG \"a" + next + "\") MIN 2 MAX 3 ALL 2:3 COUNT 2");
            assertThat(client.run("UID SEARCH RETURN () 1,3").text()).contains(") UID ALL 1,3\n");
            assertThat(client.run("SEARCH RETURN (MIN COUNT) UID 99").text())
                    .contains("\") COUNT 0\n");
            assertThat(client.run("SEARCH RETURN (ALL) UID 99").text()).contains("\")\n");
            assertThat(client.run("SEARCH RETURN (FOO) ALL").tagged()).startsWith("BAD");
            client.run("ENABLE IMAP4rev2");
            assertThat(client.run("SEARCH SEEN").text()).contains("* ESEARCH", "ALL 1");
        }
    }

    @Test
    void savedResults() throws IOException {
        try (ImapClient client = three()) {
            assertThat(client.run("SEARCH $").untagged()).containsExactly("* SEARCH");
            assertThat(client.run("SEARCH RETURN (SAVE) UNSEEN").untagged()).isEmpty();
            assertThat(client.run("FETCH $ UID").untagged())
                    .containsExactly("* 2 FETCH (UID 2)", "* 3 FETCH (UID 3)");
            assertThat(client.run("SEARCH RETURN (SAVE MIN) $").text()).contains("MIN 2");
            assertThat(client.run("UID SEARCH $").untagged()).containsExactly("* SEARCH 2");
            assertThat(client.run("UID STORE $ +FLAGS (\\Deleted)").text()).contains("* 2 FETCH");
            assertThat(client.run("EXPUNGE").isOk()).isTrue();
            assertThat(client.run("UID FETCH $ UID").untagged()).isEmpty();
            client.run("SEARCH RETURN (SAVE) ALL");
            assertThat(client.run("SEARCH RETURN (SAVE) CHARSET X-Y ALL").tagged())
                    .startsWith("NO");
            assertThat(client.run("COPY $ Archive").tagged()).startsWith("OK No");
            client.run("SEARCH RETURN (SAVE) ALL");
            client.run("SELECT INBOX");
            assertThat(client.run("SEARCH $").untagged()).containsExactly("* SEARCH");
        }
    }

    @Test
    void modSeq() throws IOException {
        try (ImapClient client = three()) {
            client.run("STORE 2 +FLAGS.SILENT (\\Seen)");
            String row = client.run("FETCH 2 (MODSEQ)").text();
            String value = row.replaceAll("(?s).*MODSEQ \\(([0-9]+)\\).*", "$1");
            assertThat(client.run("SEARCH MODSEQ " + value).untagged())
                    .containsExactly("* SEARCH 2 (MODSEQ " + value + ")");
            assertThat(client.run("SEARCH MODSEQ \"/flags/\\\\draft\" all " + value).text())
                    .contains("* SEARCH 2 (MODSEQ " + value + ")");
            assertThat(client.run("SEARCH RETURN (COUNT) MODSEQ " + value).text())
                    .contains("COUNT 1 MODSEQ " + value);
            assertThat(client.run("SEARCH MODSEQ 9999999999").untagged())
                    .containsExactly("* SEARCH");
        }
    }
}
