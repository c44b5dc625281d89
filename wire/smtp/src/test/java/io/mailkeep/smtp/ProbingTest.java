package io.mailkeep.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Problem;
import io.mailkeep.net.Listener;
import io.mailkeep.testing.client.SmtpClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Whoever tries things out on port 25 learns little and ends soon")
class ProbingTest extends AtTheOffice {
    private static final byte[] MESSAGE = "Subject: x\r\n\r\nx\r\n".getBytes(UTF_8);

    @Test
    @Claim({"ATK-15", "NET-2"})
    void addressesAreProbedAHundredTimesASessionAtMost() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            for (int i = 0; i < 100; i++) {
                client.send("RCPT TO:<nobody" + i + "@example.test>").expect(550, "5.1.1");
            }
            client.send("RCPT TO:<anna@example.test>").expect(250);
            client.send("RCPT TO:<nobody@example.test>").expect(421, "4.7.0").expectClosed();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MX", "LMTP"})
    @Claim("ATK-15")
    void aRefusedRecipientIsToldAtTheNextStepOfTime(SmtpService service) throws IOException {
        boolean queue = service == SmtpService.LMTP;
        try (SmtpClient client = queue ? office.lmtp() : office.mx().greet()) {
            client.send("MAIL FROM:<a@b.example>").expect(250);
            int early = 0;
            for (int i = 0; i < 10; i++) {
                long start = System.nanoTime();
                client.send("RCPT TO:<nobody@example.test>").expect(550, "5.1.1");
                if (System.nanoTime() - start < 20_000_000) {
                    early++;
                }
            }
            assertThat(early).isBetween(queue ? 1 : 0, queue ? 10 : 0);
        }
    }

    @Test
    @Claim("ATK-15")
    void whoBringsMailMayHaveAnotherHundredWrongRecipients() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet();
            for (int message = 0; message < 2; message++) {
                client.send("MAIL FROM:<a@b.example>").expect(250);
                for (int i = 0; i < 99; i++) {
                    client.send("RCPT TO:<nobody@example.test>").expect(550);
                }
                client.send("RSET").expect(250);
                assertThat(client.deliver("a@b.example", List.of(Office.ANNA), MESSAGE).code())
                        .isEqualTo(250);
            }
        }
    }

    @Test
    @Claim("ATK-15")
    void anUnknownRecipientIsToldTheSameWhateverItsName() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            var one = client.send("RCPT TO:<nobody@example.test>").reply();
            assertThat(client.send("RCPT TO:<root@example2.test>").reply()).isEqualTo(one);
            assertThat(client.send("RCPT TO:<\"an na\"@example.test>").reply()).isEqualTo(one);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BDAT 10",
                "BDAT 0 LAST",
                "BDAT 2147483648",
                "BDAT 9223372036854775808 LAST",
                "BDAT -1",
                "BDAT"
            })
    @Claim("ATK-07")
    void chunksAreRefusedAndWhatFollowsIsNoCommand(String line) throws IOException {
        int before = office.count(Office.ANNA);
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<anna@example.test>").expect(250);
            client.raw(line + "\r\nRSET\r\nMAIL FROM:<smuggled@b.example>\r\n");
            client.expect(502, "5.5.1").expectClosed();
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(before);
    }

    @Test
    @Claim({"ATK-18", "OPS-5"})
    void aForgedSenderNeverGetsABounce() throws IOException {
        int before = office.count(Office.ANNA);
        for (int i = 0; i < 50; i++) {
            try (SmtpClient client = office.mx()) {
                client.greet().send("MAIL FROM:<anna@example.test>").expect(250);
                client.send("RCPT TO:<nobody@example.test>").expect(550, "5.1.1");
                client.send("DATA").expect(554, "5.5.1");
            }
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL FROM:<a@b.example> ENVID=a+0D+0ARCPT+20TO",
                "MAIL FROM:<a@b.example> RET=HDRS",
                "RCPT TO:<anna@example.test> ORCPT=rfc822;a+0D+0Ab",
                "RCPT TO:<anna@example.test> NOTIFY=SUCCESS,FAILURE"
            })
    @Claim({"ATK-21", "OPS-5"})
    void deliveryNotificationsAreNotOfferedAndTheirParametersNotTaken(String line)
            throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet();
            assertThat(client.last().lines()).doesNotContain("DSN");
            if (line.startsWith("RCPT")) {
                client.send("MAIL FROM:<a@b.example>").expect(250);
            }
            client.send(line).expect(555, "5.5.4");
            client.send("MAIL FROM:<a@b.example> ENVID=" + "+41".repeat(600)).reply();
            assertThat(client.last().code() / 100).isEqualTo(5);
        }
    }

    @Test
    @Claim("ATK-09")
    void aRefusedMessageThatDoesNotEndIsCutOff() throws IOException {
        SmtpLimits standard = SmtpLimits.standard();
        SmtpLimits narrow =
                new SmtpLimits(
                        standard.commandOctets(),
                        standard.authOctets(),
                        standard.errors(),
                        standard.refusals(),
                        standard.idleCommands(),
                        standard.signInFailures(),
                        standard.greetPause(),
                        standard.commandIdle(),
                        standard.dataIdle(),
                        standard.dataOverall(),
                        100_000);
        try (Listener listener = office.listen(SmtpService.MX, narrow, office.spool);
                SmtpClient client = SmtpClient.connect(listener.address())) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<anna@example.test>").expect(250).send("DATA").expect(354);
            client.raw("\0").raw("x".repeat(200_000)).expect(550, "5.6.0").expectClosed();
        }
    }

    @Test
    @Claim("ATK-16")
    void theFirstFlawOfAMessageIsTheOneThatIsTold() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<anna@example.test>").expect(250).send("DATA").expect(354);
            client.raw("Subject: x\r\n\r\n\0\r\nbare\nline\r\n.\r\n").expect(550, "5.6.0");
            client.expectClosed();
        }
    }

    @Test
    @Claim("ATK-116")
    void anAuditLogThatFallsBehindWhileAMessageArrivesDefersIt() throws IOException {
        int before = office.count(Office.ANNA);
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<anna@example.test>").expect(250).send("DATA").expect(354);
            office.closed = Optional.of(Problem.temporary("The audit log can't keep up", "test"));
            client.raw("Subject: x\r\n\r\nx\r\n.\r\n").expect(451, "4.3.0");
            office.closed = Optional.empty();
            assertThat(client.deliver("a@b.example", List.of(Office.ANNA), MESSAGE).code())
                    .isEqualTo(250);
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(before + 1);
    }

    @Test
    void mailWithoutASenderHasAnEmptyReturnPath() throws IOException {
        try (SmtpClient client = office.mx()) {
            assertThat(client.greet().deliver("", List.of(Office.ANNA), MESSAGE).code())
                    .isEqualTo(250);
        }
        assertThat(office.newest(Office.ANNA)).startsWith("Return-Path: <>\r\nReceived: from ");
    }
}
