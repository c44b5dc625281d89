package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * CAPABILITY, STARTTLS, LOGIN, AUTHENTICATE (RFC 4959 too), LOGOUT: RFC 9051 6.1, 6.2; ID: RFC
 * 2971.
 */
@ExtendWith(ImapFixture.Resolver.class)
class LoginTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @Claim({"NET-1", "ATK-58"})
    void nobodySignsInWithoutTls() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.plain()) {
            assertThat(client.greeting()).contains("LOGINDISABLED", "STARTTLS", "IMAP4rev2");
            assertThat(client.greeting()).doesNotContain("AUTH=");
            String login = "LOGIN " + account + " \"" + ImapFixture.PASSWORD + "\"";
            assertThat(client.run(login).tagged()).startsWith("NO [PRIVACYREQUIRED]");
            String plain = base64("\0" + account + "\0" + ImapFixture.PASSWORD);
            assertThat(client.run("AUTHENTICATE PLAIN " + plain).tagged())
                    .startsWith("NO [PRIVACYREQUIRED]");
            assertThat(client.run("AUTHENTICATE PLAIN").tagged())
                    .startsWith("NO [PRIVACYREQUIRED]");
            assertThat(client.run("SELECT INBOX").tagged()).startsWith("BAD");
            for (String verb : new String[] {"LOGIN", "AUTHENTICATE"}) {
                assertThat(imap.store().told("no TLS", verb)).isTrue();
            }
        }
    }

    @Test
    void startTlsThenLogin() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.plain()) {
            assertThat(client.startTls(imap.trust()).isOk()).isTrue();
            assertThat(client.run("CAPABILITY").untagged().getFirst())
                    .contains("AUTH=PLAIN", "SASL-IR", "LITERAL-")
                    .doesNotContain("STARTTLS", "LOGINDISABLED");
            Answer answer = client.run("LOGIN " + account + " \"" + ImapFixture.PASSWORD + "\"");
            assertThat(answer.tagged()).startsWith("OK [CAPABILITY IMAP4rev1 IMAP4rev2");
            assertThat(answer.tagged()).contains("CONDSTORE", "LIST-STATUS", "STATUS=SIZE", "MOVE");
            assertThat(client.run("LOGIN a b").tagged()).startsWith("BAD");
            assertThat(client.run("STARTTLS").tagged()).startsWith("BAD");
            Answer logout = client.run("LOGOUT");
            assertThat(logout.text()).startsWith("* BYE").contains("\nOK ");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Claim({"ATK-04", "NET-1"})
    void whatIsSentWithStartTlsIsThrownAway() throws IOException {
        try (ImapClient client = imap.plain()) {
            client.send("x1 STARTTLS\r\nx2 CAPABILITY\r\nx3 NOOP\r\n");
            assertThat(client.response()).startsWith("x1 OK");
            client.secure(imap.trust());
            assertThat(client.run("NOOP").text()).startsWith("OK");
            assertThat(imap.store().told("starttls", "octets", "24")).isTrue();
        }
    }

    @Test
    void authenticatePlainBothWays() throws IOException {
        String account = imap.account();
        String proof = base64("\0" + account + "\0" + ImapFixture.PASSWORD);
        try (ImapClient client = imap.tls()) {
            assertThat(client.run("AUTHENTICATE PLAIN " + proof).tagged()).startsWith("OK");
        }
        try (ImapClient client = imap.tls()) {
            client.send("x AUTHENTICATE PLAIN\r\n");
            assertThat(client.response()).isEqualTo("+ ");
            client.send("*\r\n");
            assertThat(client.response()).startsWith("x BAD");
            client.send("y authenticate plain\r\n");
            assertThat(client.response()).isEqualTo("+ ");
            client.send(proof + "\r\n");
            assertThat(client.response()).startsWith("y OK");
        }
    }

    @Test
    void namesAndPasswordsAsLiterals() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.tls()) {
            Answer answer =
                    client.run(
                            "LOGIN {" + account.length() + "}",
                            account + " {" + ImapFixture.PASSWORD.length() + "}",
                            ImapFixture.PASSWORD);
            assertThat(answer.isOk()).isTrue();
        }
    }

    @Test
    @Claim("ATK-58")
    void unknownWrongAndForeignLookTheSame() throws IOException {
        String account = imap.account();
        String other = imap.account();
        try (ImapClient client = imap.tls()) {
            String wrong = client.run("LOGIN " + account + " wrong").tagged();
            assertThat(wrong).startsWith("NO [AUTHENTICATIONFAILED]");
            assertThat(client.run("LOGIN nobody@nowhere.test wrong").tagged()).isEqualTo(wrong);
            String foreign = base64(other + "\0" + account + "\0" + ImapFixture.PASSWORD);
            assertThat(client.run("AUTHENTICATE PLAIN " + foreign).tagged()).isEqualTo(wrong);
            client.send("last LOGIN " + account + " wrong\r\n");
            assertThat(client.response()).isEqualTo("last " + wrong);
            assertThat(client.response()).startsWith("* BYE");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @Claim("ATK-58")
    @ValueSource(strings = {"AAAA", "!!!", "AHgA", "AGEAYg", "YQBiAGMAZA==", "="})
    void malformedProofs(String proof) throws IOException {
        try (ImapClient client = imap.tls()) {
            assertThat(client.run("AUTHENTICATE PLAIN " + proof).tagged()).startsWith("BAD");
            assertThat(client.run("AUTHENTICATE CRAM-MD5").tagged()).startsWith("NO");
            assertThat(client.run("NOOP").isOk()).isTrue();
        }
    }

    @Test
    @Claim("ATK-48")
    void literalsBeforeSignInAreSmall() throws IOException {
        try (ImapClient client = imap.tls()) {
            for (String size : new String[] {"4097", "4294967295", "9223372036854775808"}) {
                assertThat(client.run("LOGIN {" + size + "}", "x").tagged())
                        .startsWith("BAD [TOOBIG]");
            }
            for (String malformed : new String[] {"{-1}", "{10", "{}", "{a}"}) {
                assertThat(client.run("LOGIN " + malformed).tagged()).startsWith("BAD");
            }
            assertThat(client.run("NOOP").isOk()).isTrue();
            client.send("x LOGIN {2147483648+}\r\nxxxx");
            assertThat(client.response()).startsWith("x BAD [TOOBIG]");
            assertThat(client.response()).startsWith("* BYE");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Claim("ATK-58")
    void aMegabyteOfBase64() throws IOException {
        try (ImapClient client = imap.tls()) {
            client.send("x AUTHENTICATE PLAIN " + "A".repeat(1_000_000) + "\r\n");
            assertThat(client.response()).contains("BAD");
            assertThat(client.run("NOOP").isOk()).isTrue();
        }
    }

    @Test
    void enableAndIdAndNamespace() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            assertThat(client.run("ID NIL").text()).contains("* ID (\"name\" \"Mailkeep\")");
            assertThat(client.run("ID (\"name\" \"x\" \"os\" NIL)").isOk()).isTrue();
            assertThat(client.run("NAMESPACE").text())
                    .contains("* NAMESPACE ((\"\" \"/\")) NIL NIL");
            assertThat(client.run("ENABLE X-FOO CONDSTORE imap4rev2").text())
                    .contains("* ENABLED CONDSTORE IMAP4rev2");
            assertThat(client.run("ENABLE CONDSTORE").text()).contains("* ENABLED\n");
            assertThat(client.run("ENABLE").tagged()).startsWith("BAD");
        }
    }
}
