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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** APPEND: RFC 9051 6.3.12, RFC 4315, RFC 7888 (LITERAL-). */
@ExtendWith(ImapFixture.Resolver.class)
class AppendTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private static final String MAIL = "From: a@b.test\r\nSubject: x\r\n\r\nbody\r\n";

    @Test
    void withFlagsAndDate() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            Answer answer =
                    client.append(
                            "INBOX", "(\\Seen $Label1) \" 7-Feb-1994 21:52:25 -0800\" ", MAIL);
            assertThat(answer.tagged()).matches("OK \\[APPENDUID [0-9]+ 1] .*");
            client.run("SELECT INBOX");
            assertThat(client.run("FETCH 1 (FLAGS INTERNALDATE BODY.PEEK[])").text())
                    .contains("FLAGS (\\Seen $Label1)")
                    .contains("INTERNALDATE \" 8-Feb-1994 05:52:25 +0000\"")
                    .contains("BODY[] {" + MAIL.length() + "}\r\n" + MAIL);
        }
    }

    @Test
    void toTheSelectedFolderIsSeenAtOnce() throws IOException {
        try (ImapClient client = imap.inbox()) {
            assertThat(client.append("INBOX", "", MAIL).text()).contains("* 1 EXISTS");
        }
    }

    @Test
    void toAFolderThatIsNotThere() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            assertThat(client.append("nowhere", "", MAIL).tagged()).startsWith("NO [TRYCREATE]");
            client.send("x APPEND nowhere {5+}\r\nabcde\r\n");
            assertThat(client.response()).startsWith("x NO [TRYCREATE]");
            assertThat(client.run("NOOP").isOk()).isTrue();
        }
    }

    @Test
    void theNameMayBeALiteral() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            assertThat(client.run("APPEND {5}", "INBOX (\\Seen) {5}", "a:b\r\n").isOk()).isTrue();
            client.send("x APPEND {5+}\r\nINBOX {5+}\r\na:b\r\n\r\n");
            assertThat(client.response()).startsWith("x OK [APPENDUID");
        }
    }

    @Test
    @Claim("ATK-16")
    void nulIsRefusedAndNothingIsStored() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            assertThat(client.append("INBOX", "", "a: b\r\n\r\nx\0y").tagged()).startsWith("BAD");
            assertThat(client.run("STATUS INBOX (MESSAGES)").text()).contains("MESSAGES 0");
        }
    }

    @Test
    @Claim({"ATK-48", "ATK-55"})
    void hugeAndOddAnnouncements() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            for (String size : List.of("4294967295", "9223372036854775808", "52428801")) {
                assertThat(client.run("APPEND INBOX {" + size + "}", "x").tagged())
                        .startsWith("NO [TOOBIG]");
            }
            assertThat(client.run("APPEND INBOX ~{5}", "x").tagged())
                    .startsWith("NO [UNKNOWN-CTE]");
            for (String bad :
                    List.of(
                            "APPEND INBOX",
                            "APPEND INBOX {-1}",
                            "APPEND INBOX {10",
                            "APPEND INBOX \"31-Feb-1994 00:00:00 +0000\" {5}",
                            "APPEND INBOX (\\Foo) {5}",
                            "APPEND INBOX (" + "k ".repeat(200) + "k) {5}",
                            "APPEND INBOX \"99-Dec-99999 99:99:99 +9999\" {5}")) {
                assertThat(client.run(bad, "x").tagged()).as(bad).startsWith("BAD");
            }
            client.send("x APPEND INBOX {5000+}\r\n");
            assertThat(client.response()).startsWith("x BAD [TOOBIG]");
            assertThat(client.response()).startsWith("* BYE");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Claim("ATK-55")
    void severalMessagesAreNotTaken() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.send("x APPEND INBOX {5+}\r\nabcde (\\Seen) {5+}\r\nabcde\r\n");
            assertThat(client.response()).startsWith("* BYE");
        }
    }

    @Test
    @Claim("ATK-55")
    void aClientThatLeavesHalfWayLeavesNothing() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account)) {
            client.send("x APPEND INBOX {100000}\r\n");
            assertThat(client.response()).startsWith("+");
            client.send("y".repeat(50_000));
        }
        try (ImapClient client = imap.signedIn(account)) {
            assertThat(client.run("STATUS INBOX (MESSAGES)").text()).contains("MESSAGES 0");
        }
    }

    @ParameterizedTest
    @Claim("ATK-20")
    @ValueSource(ints = {1, 4_095, 4_097, 65_535, 65_536, 65_537, 300_001, 3_000_000})
    void everySizeComesBackByteForByte(int size) throws IOException {
        String body = "s: x\n\r.\n" + "é\r\n..".repeat(size / 7 + 1);
        try (ImapClient client = imap.signedIn()) {
            assertThat(client.append("INBOX", "", body).isOk()).isTrue();
            client.run("SELECT INBOX");
            int octets = body.getBytes(StandardCharsets.UTF_8).length;
            assertThat(client.run("FETCH 1 BODY.PEEK[]").untagged().getFirst())
                    .isEqualTo("* 1 FETCH (BODY[] {" + octets + "}\r\n" + body + ")");
        }
    }
}
