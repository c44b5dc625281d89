package io.mailkeep.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Problem;
import io.mailkeep.net.Listener;
import io.mailkeep.testing.client.SmtpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every command in and out of order: RFC 5321 4.1, with PIPELINING, SIZE (RFC 1870), 8BITMIME (RFC
 * 6152) and the enhanced codes of RFC 2034 and RFC 3463.
 */
@DisplayName("Port 25: each command gets its one answer, in order")
class CommandTest extends AtTheOffice {
    @Test
    @DisplayName("EHLO lists what is offered, before and inside TLS (RFC 5321 4.1.1.1)")
    void ehlo() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.expect(220, Office.HOST + " ESMTP").send("EHLO client.example").expect(250);
            assertThat(client.last().lines())
                    .containsExactly(
                            Office.HOST + " greets you",
                            "PIPELINING",
                            "SIZE 58720256",
                            "8BITMIME",
                            "SMTPUTF8",
                            "ENHANCEDSTATUSCODES",
                            "STARTTLS");
            client.startTls(office.trust).send("EHLO client.example").expect(250);
            assertThat(client.last().lines()).doesNotContain("STARTTLS", "AUTH PLAIN");
            client.send("QUIT").expect(221, "2.0.0").expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO",
                "HELO",
                "EHLO a b",
                "HELO a(b)",
                "EHLO a\tb",
                "EHLO é.example",
                "HELO <x>"
            })
    void aGreetingNeedsAName(String line) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.expect(220).send(line).expect(501, "5.5.4");
            client.send("EHLO " + "a".repeat(256)).expect(501, "5.5.4");
            client.send("EHLO " + "a".repeat(255)).expect(250);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"EHLO [192.0.2.1]", "EHLO [IPv6:2001:db8::1]", "HELO my_computer", "helo x"})
    void usualNamesAreTaken(String line) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.expect(220).send(line).expect(250);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL FROM:<a@b.example>,503",
        "RCPT TO:<anna@example.test>,503",
        "DATA,503",
        "STARTTLS,503",
        "AUTH PLAIN,502"
    })
    @Claim("ATK-06")
    void nothingWorksBeforeTheGreeting(String line, int code) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.expect(220).send(line).expect(code, "5.5.1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MAIL FROM:<>|250|2.1.0",
                "MAIL FROM: <a@b.example>|250|2.1.0",
                "mail from:<a@b.example> size=100 body=8bitmime smtputf8|250|2.1.0",
                "MAIL FROM:<\"a > b\"@c.example>|250|2.1.0",
                "MAIL FROM:<\"a\\\" > b\"@c.example>|250|2.1.0",
                "MAIL FROM:<ä@b.example> SMTPUTF8|250|2.1.0",
                "MAIL FROM:<ä@b.example>|553|5.6.7",
                "MAIL FROM:a@b.example|501|5.5.4",
                "MAIL FROM|501|5.5.4",
                "MAIL TO:<a@b.example>|501|5.5.4",
                "MAIL FROM:<a@b.example|501|5.5.4",
                "MAIL FROM:<a@b.example>SIZE=1|501|5.5.4",
                "MAIL FROM:<a>|501|5.1.7",
                "MAIL FROM:<@x.example:a@b.example>|501|5.1.7",
                "MAIL FROM:<a@b.example> SIZE=58720256|250|2.1.0",
                "MAIL FROM:<a@b.example> SIZE=58720257|552|5.3.4",
                "MAIL FROM:<a@b.example> SIZE=99999999999999999999|552|5.3.4",
                "MAIL FROM:<a@b.example> SIZE=999999999999999999999|501|5.5.4",
                "MAIL FROM:<a@b.example> SIZE=-1|501|5.5.4",
                "MAIL FROM:<a@b.example> SIZE|501|5.5.4",
                "MAIL FROM:<a@b.example> SIZE=1 SIZE=1|501|5.5.4",
                "MAIL FROM:<a@b.example> BODY=BINARYMIME|501|5.5.4",
                "MAIL FROM:<a@b.example> SMTPUTF8=1|501|5.5.4",
                "MAIL FROM:<a@b.example> AUTH=<root@example.test>|555|5.5.4",
                "MAIL FROM:<a@b.example> RET=FULL ENVID=+0D+0A|555|5.5.4"
            })
    void mail(String line, int code, String enhanced) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send(line).expect(code, enhanced);
        }
    }

    @Test
    void mailParametersNeedEhloAndTransactionsDoNotNest() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.expect(220).send("HELO client.example").expect(250);
            client.send("MAIL FROM:<a@b.example> SIZE=1").expect(555, "5.5.4");
            client.send("MAIL FROM:<a@b.example>").expect(250);
            client.send("MAIL FROM:<a@b.example>").expect(503, "5.5.1");
            client.send("RSET").expect(250, "2.0.0");
            client.send("MAIL FROM:<a@b.example>").expect(250);
            client.send("EHLO client.example").expect(250);
            client.send("RCPT TO:<anna@example.test>").expect(503, "5.5.1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RCPT TO:<anna@example.test>|250|2.1.5",
                "RCPT TO: <ANNA+tag@EXAMPLE.test>|250|2.1.5",
                "RCPT TO:<nobody@example.test>|550|5.1.1",
                "RCPT TO:<Postmaster>|250|2.1.5",
                "RCPT TO:<>|501|5.1.3",
                "RCPT TO:<anna>|501|5.1.3",
                "RCPT TO:<anna@example.test> NOTIFY=NEVER|555|5.5.4",
                "RCPT TO:<anna@example.test> ORCPT=rfc822;a+0D+0Ab|555|5.5.4",
                "RCPT FROM:<anna@example.test>|501|5.5.4",
                "RCPT TO:<änna@example.test>|553|5.6.7",
                "DATA|554|5.5.1",
                "DATA now|501|5.5.4"
            })
    void rcptAndDataWithoutRecipients(String line, int code, String enhanced) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send(line).expect(code, enhanced);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOOP|250|2.0.0",
                "NOOP something|250|2.0.0",
                "noop|250|2.0.0",
                "RSET|250|2.0.0",
                "RSET x|501|5.5.4",
                "QUIT x|501|5.5.4",
                "HELP|214|2.0.0",
                "VRFY|501|5.5.4",
                "STARTTLS x|501|5.5.4",
                "EXPN staff|502|5.5.1",
                "ETRN example.test|502|5.5.1",
                "TURN|502|5.5.1",
                "XCLIENT ADDR=127.0.0.1|502|5.5.1",
                "XFORWARD NAME=x|502|5.5.1",
                "AUTH PLAIN|502|5.5.1",
                "FOO|500|5.5.1",
                "''|500|5.5.1"
            })
    @Claim("ATK-14")
    void others(String line, int code, String enhanced) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send(line).expect(code, enhanced);
        }
    }

    @Test
    @Claim("ATK-14")
    void vrfyTellsNothingOfAnybody() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet();
            var known = client.send("VRFY anna@example.test").reply();
            var unknown = client.send("VRFY nobody@example.test").reply();
            assertThat(known).isEqualTo(unknown);
            assertThat(known.code()).isEqualTo(252);
        }
    }

    @Test
    @Claim("ATK-06")
    @DisplayName("k pipelined commands get k answers in order (RFC 2920)")
    void pipelining() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.raw(
                    String.join(
                            "\r\n",
                            "MAIL FROM:<early@b.example>",
                            "EHLO client.example",
                            "MAIL FROM:<a@b.example>",
                            "RCPT TO:<nobody@example.test>",
                            "RCPT TO:<anna@example.test>",
                            "RCPT TO:<x@outside.example>",
                            "NOOP",
                            "BAD",
                            "DATA",
                            ""));
            client.expect(220).expect(503).expect(250).expect(250).expect(550, "5.1.1");
            client.expect(250).expect(550, "5.7.1").expect(250).expect(500).expect(354);
            client.raw("Subject: x\r\n\r\nhello\r\n.\r\nNOOP\r\nRSET\r\nQUIT\r\n");
            client.expect(250, "2.0.0").expect(250).expect(250).expect(221).expectClosed();
        }
    }

    @Test
    @Claim("ATK-06")
    void aBodyThatFollowsARefusedDataIsNotReadAsCommands() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.raw("DATA\r\nRSET\r\nMAIL FROM:<smuggled@b.example>\r\n.\r\n");
            client.expect(554, "5.5.1").expectClosed();
        }
    }

    @Test
    @Claim("ATK-06")
    @DisplayName("A body that doesn't wait for 354 (RFC 2920 3.1) is data all the same")
    void aBodyInThePacketOfDataIsData() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<anna@example.test>").expect(250);
            client.raw("DATA\r\nSubject: x\r\n\r\nRSET\r\n.\r\nNOOP\r\n");
            client.expect(354).expect(250, "2.0.0 Message taken").expect(250, "2.0.0");
        }
        assertThat(office.newest(Office.ANNA)).endsWith("\r\n\r\nRSET\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOOP\nMAIL FROM:<smuggled@b.example>\r\n",
                "MAIL FROM:<a@b.example>\nRCPT TO:<anna@example.test>\r\n"
            })
    @Claim("ATK-03")
    void aBareLfInACommandEndsTheSessionAndStartsNoOther(String text) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().raw(text).expect(500, "5.5.2").expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP\rRSET\r\n", "NO\0OP\r\n", "NOOP\r\r\n"})
    @Claim("ATK-03")
    void crAndNulInACommandAreRefusedInStep(String text) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().raw(text).expect(500, "5.5.2").send("NOOP").expect(250);
        }
    }

    @Test
    @Claim("ATK-08")
    void aCommandLineOf10MegabytesIsRefusedAndTheNextCommandWorks() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("NOOP " + "x".repeat(10_000_000)).expect(500, "5.5.2");
            client.send("NOOP " + "x".repeat(2_500)).expect(500, "5.5.2");
            client.send("NOOP " + "x".repeat(2_042)).expect(500, "5.5.2");
            client.send("NOOP " + "x".repeat(2_041)).expect(250);
        }
    }

    @Test
    void invalidUtf8InACommandIsRefused() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().raw(new byte[] {'N', 'O', 'O', 'P', ' ', (byte) 0xC3, '\r', '\n'});
            client.expect(500, "5.5.2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "POST / HTTP/1.0", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2"})
    @Claim("ATK-138")
    void otherProtocolsAreCutOff(String line) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.expect(220).raw(line + "\r\nMAIL FROM:<a@b.example>\r\n");
            client.expect(554, "5.5.1").expectClosed();
        }
        if (line.startsWith("PROXY")) {
            assertThat(office.refused("PROXY header from a stranger")).hasSize(1);
        }
    }

    @Test
    void tooManyErrorsEndTheSession() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet();
            for (int i = 1; i < 20; i++) {
                client.send("FOO").expect(500);
            }
            client.send("FOO").expect(421, "4.7.0").expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP", "RSET", "HELP", "VRFY anna"})
    void idlingWithoutEndEndsTheSession(String line) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet();
            for (int i = 0; i < 100; i++) {
                client.send(line).expect("an answer", reply -> reply.code() / 100 == 2);
            }
            client.send(line).expect(421, "4.7.0").expectClosed();
        }
    }

    @Test
    @DisplayName("Whoever brings mail may idle anew")
    void aMessageEndsIdling() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet();
            for (int message = 0; message < 2; message++) {
                for (int i = 0; i < 99; i++) {
                    client.send("NOOP").expect(250);
                }
                byte[] data = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
                client.deliver("a@b.example", List.of(Office.ANNA), data);
                assertThat(client.last().code()).isEqualTo(250);
            }
        }
    }

    @Test
    @DisplayName("What doesn't work right now is 451, never 5xx, and the session goes on")
    @Claim({"DAT-6", "ATK-103"})
    void temporary() throws IOException {
        int told = office.refused("unavailable").size();
        try (SmtpClient client = office.mx()) {
            client.greet();
            office.closed = Optional.of(Problem.temporary("The audit log can't keep up", "test"));
            client.send("MAIL FROM:<a@b.example>").expect(451, "4.3.0");
            office.closed = Optional.empty();
            client.send("MAIL FROM:<a@b.example>").expect(250);
            office.directoryAway = true;
            client.send("RCPT TO:<anna@example.test>").expect(451, "4.3.0 The keys are sealed");
            office.directoryAway = false;
            assertThat(office.refused("unavailable")).hasSize(told + 1);
            assertThat(office.refused("unavailable").getLast().facts())
                    .containsEntry("detail", "sealed");
            client.send("MAIL FROM:<a@b.example>").expect(250);
        }
    }

    @Test
    void aDefectIs451AndEndsTheSessionAndNoOther() throws IOException {
        try (SmtpClient client = office.mx();
                SmtpClient other = office.mx()) {
            other.greet();
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            office.directoryBroken = true;
            client.send("RCPT TO:<anna@example.test>").expect(451, "4.3.0 Something went wrong");
            client.expectClosed();
            office.directoryBroken = false;
            other.send("NOOP").expect(250);
        }
    }

    @Test
    @Claim("ATK-139")
    void aSilentClientIsToldAndCut() throws IOException {
        SmtpLimits hasty =
                Office.limits(
                        Duration.ofMillis(300), Duration.ofMillis(500), Duration.ofMillis(500));
        int before = office.count(Office.ANNA);
        try (Listener impatient = office.listen(SmtpService.MX, hasty, office.spool)) {
            try (SmtpClient client = SmtpClient.connect(impatient.address())) {
                client.greet().expect(421, "4.4.2").expectClosed();
            }
            try (SmtpClient client = SmtpClient.connect(impatient.address())) {
                client.greet().send("MAIL FROM:<a@b.example>").expect(250);
                client.send("RCPT TO:<anna@example.test>").expect(250);
                client.send("DATA").expect(354).raw("half a mess").expect(421, "4.4.2");
                client.expectClosed();
            }
            assertThat(office.count(Office.ANNA)).isEqualTo(before);
            try (SmtpClient early = SmtpClient.connect(impatient.address())) {
                early.raw("EHLO early.example\r\n").expect(554, "5.5.1").expectClosed();
            }
        }
    }

    @Test
    void stoppingSaysGoodbye() throws IOException {
        Listener stopping = office.listen(SmtpService.MX, Office.limits(), office.spool);
        try (SmtpClient client = SmtpClient.connect(stopping.address())) {
            client.greet();
            stopping.close();
            client.expect(421, "4.3.2").expectClosed();
        }
    }
}
