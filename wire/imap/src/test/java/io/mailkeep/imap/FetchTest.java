package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** FETCH: every item, section and partial form of RFC 9051 6.4.5, 7.5.2; RFC 3501; RFC 7162. */
@ExtendWith(ImapFixture.Resolver.class)
class FetchTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    /** The complex message of RFC 9051 6.4.5.1, in small. */
    private static final String TREE =
            """
            From: Terry Gray <gray@cac.test>
            Sender: x@y.test
            Reply-To: "A, \\"B\\"" <ab@c.test>
            To: group: one@x.test, two@x.test;
            Cc: minutes@CNRI.Reston.VA.US
            Date: Wed, 17 Jul 1996 02:23:25 -0700
            Subject: =?utf-8?q?W=C3=B6rter?=
            Message-ID: <B27397@cac.test>
            In-Reply-To: <before@x.test>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=o

            preamble
            --o
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            one=20=C3=BC
            --o
            Content-Type: application/octet-stream; name="a b.bin"
            Content-Transfer-Encoding: base64
            Content-Disposition: attachment; filename="a b.bin"
            Content-ID: <two@x>
            Content-Description: two
            Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==
            Content-Language: en, de
            Content-Location: http://x.test/

            AAECAwQF
            --o
            Content-Type: message/rfc822

            Subject: inner
            From: i@x.test
            Content-Type: multipart/alternative; boundary=i

            --i

            inner one
            --i
            Content-Type: text/html

            <b>two</b>
            --i--
            --o
            Content-Type: text/plain
            Content-Transfer-Encoding: x-odd

            odd
            --o--
            epilogue
            """;

    private static final String PLAIN =
            "Subject: p\nX-A: 1\n folded\nx-a: 2\nTo: a@b.test\n\nline 1\nline 2\n";

    private static String fetch(ImapClient client, String items) throws IOException {
        Answer answer = client.run("FETCH 1 " + items);
        assertThat(answer.isOk()).as(items + " " + answer.tagged()).isTrue();
        assertThat(answer.untagged()).hasSize(1);
        String text = answer.untagged().getFirst();
        assertThat(text).startsWith("* 1 FETCH (");
        return text.substring(11, text.length() - 1);
    }

    private static String literal(String text) {
        String crlf = text.replace("\n", "\r\n");
        return "{" + crlf.getBytes(StandardCharsets.UTF_8).length + "}\r\n" + crlf;
    }

    @Test
    void envelope() throws IOException {
        try (ImapClient client = imap.inbox(TREE)) {
            assertThat(fetch(client, "ENVELOPE"))
                    .isEqualTo(
                            "ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700\" \"=?utf-8?q?W=C3=B6rter?=\""
                                    + " ((\"Terry Gray\" NIL \"gray\" \"cac.test\"))"
                                    + " ((NIL NIL \"x\" \"y.test\"))"
                                    + " ((\"A, \\\"B\\\"\" NIL \"ab\" \"c.test\"))"
                                    + " ((NIL NIL \"group\" NIL)(NIL NIL \"one\" \"x.test\")"
                                    + "(NIL NIL \"two\" \"x.test\")(NIL NIL NIL NIL))"
                                    + " ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")) NIL"
                                    + " \"<before@x.test>\" \"<B27397@cac.test>\")");
        }
    }

    @Test
    void structure() throws IOException {
        try (ImapClient client = imap.inbox(TREE)) {
            String inner = "(\"Subject\"";
            String body = fetch(client, "BODY");
            assertThat(body)
                    .startsWith(
                            "BODY ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL"
                                    + " \"quoted-printable\" 12 0)(\"application\" \"octet-stream\""
                                    + " (\"name\" \"a b.bin\") \"<two@x>\" \"two\" \"base64\" 8)"
                                    + "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" ")
                    .endsWith("\"x-odd\" 3 0) \"mixed\")")
                    .doesNotContain(inner);
            assertThat(fetch(client, "BODYSTRUCTURE"))
                    .contains(
                            "\"base64\" 8 \"Q2hlY2sgSW50ZWdyaXR5IQ==\" (\"attachment\" (\"filename\""
                                    + " \"a b.bin\")) (\"en\" \"de\") \"http://x.test/\")")
                    .contains("(NIL \"inner\" ((NIL NIL \"i\" \"x.test\"))")
                    .contains(
                            "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 9 0 NIL"
                                    + " NIL NIL NIL)(\"text\" \"html\"")
                    .contains("\"alternative\" (\"boundary\" \"i\") NIL NIL NIL) ")
                    .endsWith("\"mixed\" (\"boundary\" \"o\") NIL NIL NIL)");
        }
    }

    @Test
    void sections() throws IOException {
        try (ImapClient client = imap.inbox(TREE)) {
            assertThat(fetch(client, "BODY.PEEK[1]"))
                    .isEqualTo("BODY[1] " + literal("one=20=C3=BC"));
            assertThat(fetch(client, "BODY.PEEK[1.MIME]"))
                    .isEqualTo(
                            "BODY[1.MIME] "
                                    + literal(
                                            """
                                            Content-Type: text/plain; charset=utf-8
                                            Content-Transfer-Encoding: quoted-printable

                                            """));
            assertThat(fetch(client, "BODY.PEEK[3.HEADER]"))
                    .isEqualTo(
                            "BODY[3.HEADER] "
                                    + literal(
                                            """
                                            Subject: inner
                                            From: i@x.test
                                            Content-Type: multipart/alternative; boundary=i

                                            """));
            assertThat(fetch(client, "BODY.PEEK[3.HEADER.FIELDS (From)]"))
                    .isEqualTo("BODY[3.HEADER.FIELDS (From)] " + literal("From: i@x.test\n\n"));
            assertThat(fetch(client, "BODY.PEEK[3.TEXT]"))
                    .isEqualTo(
                            "BODY[3.TEXT] "
                                    + literal(
                                            """
                                            --i

                                            inner one
                                            --i
                                            Content-Type: text/html

                                            <b>two</b>
                                            --i--\
                                            """));
            assertThat(fetch(client, "BODY.PEEK[3.2]"))
                    .isEqualTo("BODY[3.2] " + literal("<b>two</b>"));
            assertThat(fetch(client, "BODY.PEEK[3.1.MIME]"))
                    .isEqualTo("BODY[3.1.MIME] " + literal("\n"));
            assertThat(fetch(client, "BODY.PEEK[3]"))
                    .startsWith("BODY[3] {")
                    .contains("Subject: inner");
            for (String none :
                    List.of("5", "1.1", "3.3", "3.1.1", "0004.2", "1.HEADER", "2.TEXT", "5.MIME")) {
                assertThat(fetch(client, "BODY.PEEK[" + none + "]")).endsWith("] NIL");
            }
        }
    }

    @Test
    void wholeHeaderAndText() throws IOException {
        try (ImapClient client = imap.inbox(PLAIN)) {
            assertThat(fetch(client, "BODY.PEEK[]")).isEqualTo("BODY[] " + literal(PLAIN));
            assertThat(fetch(client, "BODY.PEEK[TEXT]"))
                    .isEqualTo("BODY[TEXT] " + literal("line 1\nline 2\n"));
            assertThat(fetch(client, "BODY.PEEK[1]"))
                    .isEqualTo("BODY[1] " + literal("line 1\nline 2\n"));
            assertThat(fetch(client, "BODY.PEEK[HEADER.FIELDS (x-a \"TO\")]"))
                    .isEqualTo(
                            "BODY[HEADER.FIELDS (x-a TO)] "
                                    + literal("X-A: 1\n folded\nx-a: 2\nTo: a@b.test\n\n"));
            assertThat(fetch(client, "BODY.PEEK[HEADER.FIELDS.NOT (X-A)]"))
                    .isEqualTo(
                            "BODY[HEADER.FIELDS.NOT (X-A)] "
                                    + literal("Subject: p\nTo: a@b.test\n\n"));
            assertThat(fetch(client, "BODY.PEEK[HEADER.FIELDS (none)]"))
                    .isEqualTo("BODY[HEADER.FIELDS (none)] " + literal("\n"));
            assertThat(fetch(client, "RFC822.HEADER"))
                    .contains("RFC822.HEADER {")
                    .endsWith("\r\n\r\n");
            assertThat(fetch(client, "FLAGS")).isEqualTo("FLAGS ()");
            assertThat(fetch(client, "RFC822.TEXT")).endsWith(" FLAGS (\\Seen)");
            assertThat(fetch(client, "RFC822")).isEqualTo("RFC822 " + literal(PLAIN));
        }
    }

    @Test
    void partials() throws IOException {
        try (ImapClient client = imap.inbox(PLAIN)) {
            assertThat(fetch(client, "BODY.PEEK[TEXT]<2.4>"))
                    .isEqualTo("BODY[TEXT]<2> {4}\r\nne 1");
            assertThat(fetch(client, "BODY.PEEK[TEXT]<0.4294967296>"))
                    .isEqualTo("BODY[TEXT]<0> " + literal("line 1\nline 2\n"));
            assertThat(fetch(client, "BODY.PEEK[]<10.4>"))
                    .isEqualTo("BODY[]<10> {4}\r\n\r\nX-".replace("\r\nX-", "\r\nX-"));
            assertThat(fetch(client, "BODY.PEEK[TEXT]<16.1>")).isEqualTo("BODY[TEXT]<16> \"\"");
            assertThat(fetch(client, "BODY.PEEK[HEADER.FIELDS (To)]<4.3>"))
                    .isEqualTo("BODY[HEADER.FIELDS (To)]<4> {3}\r\na@b");
            assertThat(fetch(client, "BODY.PEEK[9]<0.5>")).isEqualTo("BODY[9]<0> NIL");
        }
    }

    @Test
    void binary() throws IOException {
        try (ImapClient client = imap.inbox(TREE)) {
            assertThat(fetch(client, "(BINARY.SIZE[1] BINARY.PEEK[1])"))
                    .isEqualTo("BINARY.SIZE[1] 6 BINARY[1] {6}\r\none ü");
            assertThat(fetch(client, "BINARY.PEEK[2]"))
                    .isEqualTo("BINARY[2] ~{6}\r\n\u0000\u0001\u0002\u0003\u0004\u0005");
            assertThat(fetch(client, "BINARY.PEEK[1]<4.1>")).startsWith("BINARY[1]<4> {1}\r\n");
            assertThat(fetch(client, "BINARY.PEEK[1]<6.1>")).isEqualTo("BINARY[1]<6> \"\"");
            assertThat(fetch(client, "BINARY.PEEK[9]")).isEqualTo("BINARY[9] NIL");
            assertThat(client.run("FETCH 1 BINARY[4]").tagged()).startsWith("NO [UNKNOWN-CTE]");
            assertThat(client.run("FETCH 1 BINARY.SIZE[4]").tagged())
                    .startsWith("NO [UNKNOWN-CTE]");
            assertThat(client.run("FETCH 1 BINARY[3]").tagged()).startsWith("NO");
            assertThat(client.run("FETCH 1 BINARY[]").tagged()).startsWith("NO");
            assertThat(client.run("FETCH 1 BINARY[1.MIME]").tagged()).startsWith("BAD");
        }
    }

    @Test
    void macrosAndLists() throws IOException {
        try (ImapClient client = imap.inbox(PLAIN)) {
            assertThat(fetch(client, "FAST"))
                    .matches(
                            "FLAGS \\(\\) INTERNALDATE \"[ 0-9]{2}-...-2.* \\+0000\" RFC822.SIZE 69");
            assertThat(fetch(client, "all"))
                    .contains("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE");
            assertThat(fetch(client, "FULL")).contains("ENVELOPE", " BODY (\"text\" \"plain\"");
            assertThat(fetch(client, "(UID UID)")).isEqualTo("UID 1");
            for (String bad :
                    List.of(
                            "(ALL)",
                            "()",
                            "FOO",
                            "(UID",
                            "(UID )",
                            "BODY[",
                            "BODY.PEEK",
                            "UID UID")) {
                assertThat(client.run("FETCH 1 " + bad).tagged()).as(bad).startsWith("BAD");
            }
        }
    }

    @Test
    void readingMarksAsSeenOncePeekingDoesNot() throws IOException {
        try (ImapClient client = imap.inbox(PLAIN)) {
            assertThat(fetch(client, "BODY.PEEK[]")).doesNotContain("FLAGS");
            assertThat(fetch(client, "(FLAGS BODY[TEXT])")).startsWith("FLAGS (\\Seen) BODY[TEXT]");
            assertThat(fetch(client, "BODY[TEXT]")).doesNotContain("FLAGS");
            assertThat(client.run("NOOP").untagged()).isEmpty();
        }
    }

    @Test
    void byUidAndChangedSince() throws IOException {
        try (ImapClient client = imap.inbox(PLAIN, PLAIN)) {
            assertThat(client.run("UID FETCH 2:9 FLAGS").untagged())
                    .containsExactly("* 2 FETCH (FLAGS () UID 2)");
            String modSeq =
                    client.run("FETCH 2 MODSEQ")
                            .text()
                            .replaceAll("(?s).*\\(([0-9]+)\\)\\).*", "$1");
            String changed = client.run("STORE 1 +FLAGS.SILENT (\\Draft)").text();
            assertThat(changed).containsPattern("\\* 1 FETCH \\(MODSEQ \\([0-9]+\\)\\)");
            Answer since = client.run("UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + modSeq + ")");
            assertThat(since.untagged()).hasSize(1);
            assertThat(since.untagged().getFirst())
                    .containsPattern(
                            "\\* 1 FETCH \\(FLAGS \\(.Draft\\) MODSEQ \\([0-9]+\\) UID 1\\)");
            assertThat(client.run("FETCH 1 FLAGS (VANISHED)").tagged()).startsWith("BAD");
            assertThat(client.run("FETCH 3 FLAGS").tagged()).startsWith("BAD");
        }
    }

    @Test
    void utf8InQuotesOnlyForRev2() throws IOException {
        String mail = "Subject: Grüße\n\nx\n";
        try (ImapClient client = imap.inbox(mail)) {
            assertThat(fetch(client, "ENVELOPE")).contains("{7}\r\nGrüße");
            client.run("ENABLE IMAP4rev2");
            assertThat(fetch(client, "ENVELOPE")).contains("\"Grüße\"");
        }
    }

    @Test
    @Timeout(60)
    @Claim({"ATK-33", "ATK-34"})
    void hostileMessagesAreServedAsTheyAre() throws IOException {
        String nested = "Content-Type: message/rfc822\n\n".repeat(10_000) + "x\n";
        String header = "X: y\n".repeat(100_000) + "\nbody\n";
        String longLine = "Subject: " + "z".repeat(400_000) + "\n\nbody\n";
        try (ImapClient client = imap.inbox(nested, header, longLine)) {
            for (int i = 1; i <= 3; i++) {
                Answer answer =
                        client.run(
                                "FETCH "
                                        + i
                                        + " (ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (Y)])");
                assertThat(answer.tagged()).startsWith("OK");
            }
            assertThat(client.run("FETCH 2 BODY.PEEK[HEADER.FIELDS (x)]").text())
                    .contains("{600002}\r\nX: y");
            assertThat(client.run("FETCH 3 BODY.PEEK[HEADER.FIELDS (subject)]<400000.100>").text())
                    .contains("<400000> {13}\r\nzzzzzzzzz");
        }
    }
}
