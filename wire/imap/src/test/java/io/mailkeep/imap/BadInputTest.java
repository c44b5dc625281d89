package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What no client should send: a clear error, and another session that notices nothing. More stands
 * in {@link LimitsTest}, {@link LoginTest}, {@link AppendTest} and {@link DeadlinesTest}.
 */
@ExtendWith(ImapFixture.Resolver.class)
class BadInputTest {
    private static final String MAIL = "Subject: x\n\nbody\n";

    private ImapFixture imap;
    private ImapClient bystander;

    @BeforeEach
    void server(ImapFixture fixture) throws IOException {
        imap = fixture;
        bystander = imap.inbox(MAIL);
    }

    @AfterEach
    void theOtherSessionIsUnharmed() throws IOException {
        assertThat(bystander.run("FETCH 1 (UID RFC822.SIZE)").untagged())
                .containsExactly("* 1 FETCH (UID 1 RFC822.SIZE 20)");
        bystander.close();
    }

    @ParameterizedTest
    @Claim("ATK-48")
    @ValueSource(
            strings = {
                "LIST \"\" {4294967296}",
                "LIST \"\" {99999999999999999999}",
                "SEARCH SUBJECT {4294967295}",
                "SELECT {131073}",
                "CREATE ~{5}"
            })
    void announcedInGigabytesAndAskedForFirst(String command) throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            // It isn't asked for, so nothing is sent, and the session goes on.
            assertThat(client.run(command, "x").tagged()).startsWith("BAD [TOOBIG]");
            assertThat(client.run("NOOP").isOk()).isTrue();
        }
    }

    @ParameterizedTest
    @Claim("ATK-48")
    @ValueSource(
            strings = {
                "LIST \"\" {4097+}",
                "LIST \"\" {4294967296+}",
                "SEARCH SUBJECT {4097+}",
                "APPEND INBOX {4097+}",
                "APPEND {4097+}"
            })
    void beyondLiteralMinusAndSentUnasked(String command) throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            client.send("x " + command + "\r\n" + "y".repeat(4097) + "\r\nx LOGOUT\r\n");
            assertThat(client.response()).startsWith("x BAD [TOOBIG]");
            assertThat(client.response()).startsWith("* BYE");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Claim("ATK-48")
    void justWithinLiteralMinus() throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            client.send("x SEARCH SUBJECT {4096+}\r\n" + "y".repeat(4096) + "\r\n");
            assertThat(client.answer("x").isOk()).isTrue();
        }
    }

    @Test
    @Claim("ATK-49")
    void brokenTextInLiteralsAndQuotes() throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            byte[][] broken = {
                {(byte) 0xC3, '('},
                {(byte) 0xC0, (byte) 0x80},
                {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                {'a', 0, 'b'}
            };
            for (byte[] one : broken) {
                client.send("x LIST \"\" {" + one.length + "+}\r\n");
                client.send(one);
                client.send("\r\n");
                assertThat(client.response()).startsWith("x BAD");
            }
            client.send("x LIST \"\" \"");
            client.send(broken[0]);
            client.send("\"\r\n");
            assertThat(client.response()).startsWith("x BAD");
            client.send("a+b NOOP\r\n");
            assertThat(client.response()).contains("BAD No tag");
            assertThat(client.run("NOOP").isOk()).isTrue();
        }
    }

    @Test
    @Claim({"ATK-49", "ATK-50"})
    void moreThanTheLimits() throws IOException {
        try (ImapClient client = imap.inbox(MAIL)) {
            for (String bad :
                    List.of(
                            "STORE 1 +FLAGS (" + "k".repeat(101) + ")",
                            "SEARCH KEYWORD " + "k".repeat(101),
                            "STORE 1 +FLAGS (k0" + " k".repeat(64) + ")",
                            "SEARCH " + "BODY a ".repeat(10) + "TEXT a",
                            "SEARCH " + "(".repeat(33) + "ALL" + ")".repeat(33),
                            "SEARCH " + "NOT ".repeat(33) + "ALL",
                            "ID (" + "\"a\" \"b\" ".repeat(30) + "\"a\" \"b\")",
                            "FETCH 1 BODY[HEADER.FIELDS (" + "a ".repeat(100) + "a)]",
                            "STATUS INBOX (" + "MESSAGES ".repeat(32) + "MESSAGES)")) {
                assertThat(client.run(bad).tagged()).as(bad.substring(0, 12)).startsWith("BAD");
            }
            assertThat(client.run("SEARCH " + "(".repeat(32) + "ALL" + ")".repeat(32)).isOk())
                    .isTrue();
            assertThat(client.run("SEARCH " + "BODY a ".repeat(9) + "TEXT a").isOk()).isTrue();
            assertThat(client.run("STORE 1 +FLAGS (" + "k".repeat(100) + ")").isOk()).isTrue();
        }
    }

    @Test
    void notAskedForWhatNoFolderTakes() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.send("x APPEND nowhere {10000000}\r\n");
            assertThat(client.response()).startsWith("x NO [TRYCREATE]");
            assertThat(client.run("NOOP").isOk()).isTrue();
        }
    }

    private static String all(Socket socket) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        socket.getInputStream().transferTo(read);
        return read.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @Timeout(30)
    @ValueSource(
            strings = {
                "a CAPABILITY\r\nb NOOP\r\n",
                "a CAPABILITY\r\nb NOOP\r\nc LOG",
                "a CAPABILITY\r\nb NOOP\r\nc LOGIN {10}\r\nabc",
                "a CAPABILITY\r\nb NOOP\r\nc LOGIN {10+}\r\nabc",
                "a CAPABILITY\r\nb NOOP\r\nc LOGIN \"abc"
            })
    void aHalfClosedSocketIsAnsweredAndClosed(String sent) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("localhost", imap.startTlsPort()));
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(all(socket)).contains("* OK", "a OK", "b OK").doesNotContain("c OK");
        }
    }

    @Test
    @Timeout(30)
    void aClientThatLeavesInTheMiddle() throws IOException {
        String account = imap.account();
        for (String last :
                List.of(
                        "i IDLE\r\n",
                        "f FETCH 1 BODY[]\r\n",
                        "a APPEND INBOX {100}\r\n",
                        "a AUTHENTICATE PLAIN\r\n",
                        "s SEARCH SUBJECT {10}\r\nabc")) {
            try (ImapClient client = imap.signedIn(account)) {
                client.run("SELECT INBOX");
                client.send(last);
            }
        }
        try (ImapClient client = imap.signedIn(account)) {
            assertThat(client.run("STATUS INBOX (MESSAGES)").text()).contains("MESSAGES 0");
        }
    }

    @Test
    @Timeout(60)
    @Claim("ATK-49")
    void aFloodDoesNotHoldUpOthers() throws IOException {
        try (ImapClient flood = imap.inbox(MAIL)) {
            Thread sender =
                    Thread.startVirtualThread(() -> {
                        try {
                            flood.send("f FETCH 1 (BODY[] ENVELOPE BODYSTRUCTURE)\r\n".repeat(60));
                        } catch (IOException gone) {
                            throw new java.io.UncheckedIOException(gone);
                        }
                    });
            for (int i = 0; i < 20; i++) {
                assertThat(bystander.run("FETCH 1 UID").isOk()).isTrue();
            }
            for (int i = 0; i < 60; i++) {
                assertThat(flood.answer("f").isOk()).isTrue();
            }
            assertThat(sender.join(java.time.Duration.ofSeconds(5))).isTrue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Commands to be spoiled, of every kind of argument. */
    private static final List<String> SEEDS =
            List.of(
                    "FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (A \"b\")]<0.9> BINARY[1.2])",
                    "UID FETCH $,1 (CHANGEDSINCE 7)",
                    "SEARCH RETURN (MIN SAVE) CHARSET UTF-8 OR NOT (FROM \"x\" UID 1:*) 2 MODSEQ \"/f\" all 3",
                    "SEARCH SINCE 1-Feb-1994 HEADER a b LARGER 5",
                    "STORE 1 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Seen $k)",
                    "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (\"a%\" *b) RETURN (STATUS (SIZE) CHILDREN)",
                    "STATUS \"&AOk-x\" (MESSAGES UIDNEXT)",
                    "CREATE a/b (USE (\\Sent))",
                    "RENAME \"a\\\"b\" c&-d",
                    "APPEND INBOX (\\Seen) \" 7-Feb-1994 21:52:25 -0800\" x",
                    "MOVE 1,*:3 \"a\"",
                    "ID (\"a\" NIL)",
                    "ENABLE CONDSTORE X");

    private static final String SPOIL = "()[]{}<>\"\\*%$&+-~,.:; 0919zA\t\u00e9";

    @Test
    @Timeout(120)
    @Claim("ATK-49")
    void spoiledCommandsNeverHitADefect() throws IOException {
        long random = 42;
        ImapClient client = imap.inbox(MAIL);
        for (int i = 0; i < 240; i++) {
            StringBuilder command = new StringBuilder(SEEDS.get(i % SEEDS.size()));
            for (int j = 0; j <= i % 4; j++) {
                random = random * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
                int at = (int) ((random >>> 33) % command.length());
                char c =
                        SPOIL.charAt(
                                (int) ((random >>> 17) % SPOIL.length() + SPOIL.length())
                                        % SPOIL.length());
                switch ((int) (random >>> 60) % 3) {
                    case 0 -> command.setCharAt(at, c);
                    case 1 -> command.insert(at, c);
                    default -> command.deleteCharAt(at);
                }
            }
            if (i % 15 == 14) {
                client.close();
                client = imap.signedIn();
                client.run("SELECT INBOX");
            }
            assertThat(client.run(command.toString()).tagged())
                    .as(command.toString())
                    .doesNotContain("SERVERBUG");
        }
        client.close();
    }
}
