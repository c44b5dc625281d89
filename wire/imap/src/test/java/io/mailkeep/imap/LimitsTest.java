package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Limits and bad input of whole commands. */
@ExtendWith(ImapFixture.Resolver.class)
class LimitsTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    @Test
    @Timeout(60)
    @Claim("ATK-49")
    void overlongAndBrokenCommandsKeepTheSession() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.send("x ".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 160; i++) {
                client.send("A".repeat(65_536));
            }
            client.send("\r\n");
            assertThat(client.response()).contains("BAD");
            client.send("t".repeat(1_000_000) + " NOOP\r\n");
            assertThat(client.response()).contains("BAD");
            client.send("x LIST \"\" \"abc\r\n");
            assertThat(client.response()).startsWith("x BAD");
            client.send("x SEARCH (ALL\r\n");
            assertThat(client.response()).startsWith("x BAD");
            client.send("x LIST \"\" a\0b\r\n");
            assertThat(client.response()).contains("BAD");
            client.send("x LIST \"\" ä\r\n");
            assertThat(client.response()).startsWith("x BAD");
            client.send("\r\n");
            assertThat(client.response()).contains("BAD");
            client.send("x FOO\r\n");
            assertThat(client.response()).startsWith("x BAD");
            assertThat(client.run("NOOP").isOk()).isTrue();
        }
    }

    @Test
    @Claim("ATK-49")
    void bareLineFeedsEndTheConnection() throws IOException {
        try (ImapClient client = imap.tls()) {
            client.send("x NOOP\ny NOOP\r\n");
            assertThat(client.response()).contains("BAD");
            assertThat(client.response()).startsWith("* BYE");
        }
    }

    @Test
    void tooManyMalformedCommandsEndTheConnection() throws IOException {
        try (ImapClient client = imap.tls()) {
            for (int i = 0; i < ImapLimits.standard().badCommands(); i++) {
                assertThat(client.run("FOO").tagged()).startsWith("BAD");
            }
            assertThat(client.response()).startsWith("* BYE");
        }
    }

    @Test
    @Claim("ATK-48")
    void aThousandLiterals() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.run("SELECT INBOX");
            client.send("x SEARCH");
            for (int i = 0; i < 1_000; i++) {
                client.send(" SUBJECT {1+}\r\na");
            }
            client.send("\r\n");
            assertThat(client.response()).startsWith("x BAD [TOOBIG]");
        }
    }

    @Test
    @Timeout(60)
    @Claim("ATK-49")
    void pipelinedCommandsAreAnsweredInOrder() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 5_000; i++) {
                many.append("p").append(i).append(" NOOP\r\n");
            }
            Thread.startVirtualThread(() -> {
                try {
                    client.send(many.toString());
                } catch (IOException gone) {
                    throw new java.io.UncheckedIOException(gone);
                }
            });
            for (int i = 0; i < 5_000; i++) {
                assertThat(client.response()).startsWith("p" + i + " OK");
            }
        }
    }

    @Test
    @Timeout(60)
    @Claim({"ATK-50", "ATK-51"})
    void setsSearchesAndFetchesAreBounded() throws IOException {
        try (ImapClient client = imap.inbox("Subject: x\n\nbody\n")) {
            assertThat(client.run("UID FETCH 1:4294967295 UID").untagged()).hasSize(1);
            assertThat(client.run("FETCH *:* UID").untagged()).hasSize(1);
            assertThat(client.run("UID FETCH " + "1,".repeat(20_000) + "1 UID").tagged())
                    .startsWith("BAD");
            assertThat(client.run("FETCH 1 (BODY[]" + " BODY[]".repeat(999) + ")").tagged())
                    .startsWith("BAD");
            assertThat(client.run("FETCH 1 BODY[1" + ".1".repeat(499) + "]").tagged())
                    .startsWith("BAD");
            assertThat(client.run("FETCH 1 BODY[]<4294967295.1>").untagged())
                    .containsExactly("* 1 FETCH (BODY[]<4294967295> \"\" FLAGS (\\Seen))");
            assertThat(client.run("FETCH 1 BODY[]<0.0>").tagged()).startsWith("BAD");
            assertThat(
                            client.run("SEARCH " + "(".repeat(1_000) + "ALL" + ")".repeat(1_000))
                                    .tagged())
                    .startsWith("BAD");
            assertThat(client.run("SEARCH " + "OR ALL ".repeat(1_000) + "ALL").tagged())
                    .startsWith("BAD");
            assertThat(client.run("SEARCH CHARSET X-FOO ALL").tagged())
                    .startsWith("NO [BADCHARSET");
            assertThat(client.run("NOOP").isOk()).isTrue();
        }
    }
}
