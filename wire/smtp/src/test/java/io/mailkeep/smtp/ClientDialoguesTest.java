package io.mailkeep.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What mail programs say when they hand a message over, command by command. */
@DisplayName("Submission as mail programs do it")
class ClientDialoguesTest extends AtTheOffice {
    private static final String BODY =
            "Date: Tue, 24 Nov 2026 12:00:00 +0100\r\nFrom: Anna <anna@example.test>\r\n"
                    + "To: bert@example.test\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n"
                    + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                    + "Content-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n..\r\n";

    private static String password() {
        return SmtpClient.plain("", Office.ANNA, Office.PASSWORD);
    }

    private static void arrived() {
        assertThat(office.newestBody(Office.BERT)).isEqualTo(BODY.getBytes(UTF_8));
    }

    private static SmtpClient data(SmtpClient client) throws IOException {
        return client.send("DATA")
                .expect(354)
                .raw(SmtpClient.stuffed(BODY.getBytes(UTF_8)))
                .expect(250, "2.0.0");
    }

    @Test
    @Claim("NET-1")
    @DisplayName("Thunderbird, STARTTLS: an address literal, PLAIN with its initial response")
    void thunderbirdWithStartTls() throws IOException {
        try (SmtpClient client = office.submission()) {
            client.expect(220).send("EHLO [192.168.178.20]").expect(250);
            assertThat(client.last().lines()).contains("STARTTLS", "8BITMIME", "PIPELINING");
            client.startTls(office.trust).send("EHLO [192.168.178.20]").expect(250);
            assertThat(client.last().lines()).contains("AUTH PLAIN").doesNotContain("STARTTLS");
            client.send("AUTH PLAIN " + password()).expect(235, "2.7.0");
            client.send("MAIL FROM:<anna@example.test> BODY=8BITMIME SIZE=" + BODY.length())
                    .expect(250, "2.1.0");
            client.send("RCPT TO:<bert@example.test>").expect(250, "2.1.5");
            data(client).send("QUIT").expect(221, "2.0.0").expectClosed();
        }
        arrived();
    }

    @Test
    @Claim("NET-1")
    @DisplayName(
            "Thunderbird, TLS at once: an IPv6 literal; a mistyped password is asked for again")
    void thunderbirdWithTlsAtOnce() throws IOException {
        try (SmtpClient client =
                SmtpClient.connectTls(office.address(SmtpService.SUBMISSIONS), office.trust)) {
            client.expect(220).send("EHLO [IPv6:2001:db8::20]").expect(250);
            client.send("AUTH PLAIN " + SmtpClient.plain("", Office.ANNA, "mistyped"))
                    .expect(535, "5.7.8");
            client.send("AUTH PLAIN " + password()).expect(235, "2.7.0");
            client.send("MAIL FROM:<anna@example.test> BODY=8BITMIME SIZE=" + BODY.length())
                    .expect(250);
            client.send("RCPT TO:<bert@example.test>").expect(250);
            data(client).send("QUIT").expect(221).expectClosed();
        }
        arrived();
    }

    @Test
    @DisplayName("mutt: a host name, PLAIN after a challenge, BODY and no SIZE, two messages")
    void mutt() throws IOException {
        try (SmtpClient client = office.submission()) {
            client.expect(220).send("EHLO anna-laptop").expect(250);
            client.startTls(office.trust).send("EHLO anna-laptop").expect(250);
            client.send("AUTH PLAIN").expect(334);
            assertThat(client.last().text()).as("the empty challenge").isEmpty();
            client.send(password()).expect(235);
            for (int i = 0; i < 2; i++) {
                client.send("MAIL FROM:<anna@example.test> BODY=8BITMIME").expect(250);
                client.send("RCPT TO:<bert@example.test>").expect(250);
                data(client);
            }
            client.send("QUIT").expect(221).expectClosed();
        }
        arrived();
    }

    @Test
    @Claim("ATK-06")
    @DisplayName("msmtp and Postfix' client: MAIL, all RCPT and DATA in one packet (RFC 2920)")
    void pipelined() throws IOException {
        try (SmtpClient client =
                SmtpClient.connectTls(office.address(SmtpService.SUBMISSIONS), office.trust)) {
            client.expect(220).send("EHLO localhost").expect(250);
            client.send("AUTH PLAIN " + password()).expect(235);
            client.raw(
                    "MAIL FROM:<anna@example.test> SIZE="
                            + BODY.length()
                            + " BODY=8BITMIME\r\nRCPT TO:<bert@example.test>\r\n"
                            + "RCPT TO:<nobody@example.test>\r\nRCPT TO:<cora@example2.test>\r\n"
                            + "DATA\r\n");
            client.expect(250, "2.1.0").expect(250, "2.1.5").expect(550, "5.1.1");
            client.expect(250, "2.1.5").expect(354);
            client.raw(SmtpClient.stuffed(BODY.getBytes(UTF_8))).expect(250, "2.0.0");
            client.raw("RSET\r\nQUIT\r\n").expect(250).expect(221).expectClosed();
        }
        arrived();
        assertThat(office.newestBody(Office.CORA)).isEqualTo(BODY.getBytes(UTF_8));
    }

    @Test
    @Claim("ATK-07")
    @DisplayName("A client that would chunk sees no CHUNKING and goes by DATA")
    void noChunking() throws IOException {
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            client.send("EHLO localhost").expect(250);
            List<String> offered = client.last().lines();
            assertThat(offered).noneMatch(line -> line.startsWith("CHUNKING"));
            assertThat(offered).noneMatch(line -> line.startsWith("BINARYMIME"));
            client.send("MAIL FROM:<anna@example.test> BODY=BINARYMIME").expect(501, "5.5.4");
            SmtpReply reply =
                    client.deliver(Office.ANNA, List.of(Office.BERT), BODY.getBytes(UTF_8));
            assertThat(reply.code()).isEqualTo(250);
        }
        arrived();
    }

    @Test
    @Claim("ATK-13")
    @DisplayName("A program set up with another's sender is told so, and the session goes on")
    void wrongIdentity() throws IOException {
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            client.send("MAIL FROM:<bert@example.test> BODY=8BITMIME").expect(550, "5.7.1");
            client.send("RSET").expect(250);
            client.send("MAIL FROM:<anna@example.test> BODY=8BITMIME").expect(250);
            client.send("RCPT TO:<bert@example.test>").expect(250);
            data(client).send("QUIT").expect(221).expectClosed();
        }
        arrived();
    }
}
