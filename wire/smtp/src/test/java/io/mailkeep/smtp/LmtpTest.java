package io.mailkeep.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Dropbox;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.tickets.AccessDenied;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** LMTP as in RFC 2033, with the trace fields of RFC 3848 and RFC 6531 4.3. */
@DisplayName("Port 24: each recipient gets its own answer, in order")
class LmtpTest extends AtTheOffice {
    private static final String MESSAGE = "Subject: x\r\n\r\nx\r\n.\r\n";
    private static final Problem OVER_QUOTA =
            new Problem(452, "4.2.2", "The mailbox is over quota", "quota", Problem.Fault.OURS);
    private static final Problem GONE =
            Problem.malformed(550, "5.2.1", "There is no such mailbox any more");

    /** Its data is to be sent next. */
    private static SmtpClient to(String... recipients) throws IOException {
        SmtpClient client = office.lmtp().send("MAIL FROM:<a@b.example>").expect(250);
        for (String recipient : recipients) {
            client.send("RCPT TO:<" + recipient + ">").expect(250, "2.1.5");
        }
        return client.send("DATA").expect(354);
    }

    /** One mailbox of several says no. */
    private static UnaryOperator<List<Outcome<Dropbox.Receipt>>> but(int at, Problem problem) {
        return answers -> {
            List<Outcome<Dropbox.Receipt>> spoilt = new ArrayList<>(answers);
            spoilt.set(at, Outcome.failed(problem));
            return spoilt;
        };
    }

    @Test
    @DisplayName("LHLO lists what is offered (RFC 2033 4.1, 5)")
    void lhlo() throws IOException {
        try (SmtpClient client = office.lmtp()) {
            assertThat(client.last().lines())
                    .containsExactly(
                            Office.HOST + " greets you",
                            "PIPELINING",
                            "SIZE 58720256",
                            "8BITMIME",
                            "SMTPUTF8",
                            "ENHANCEDSTATUSCODES");
            client.send("LHLO").expect(501, "5.5.4");
            client.send("HELP").expect(214, "2.0.0 This is LMTP");
            client.send("QUIT").expect(221).expectClosed();
        }
    }

    @Test
    @DisplayName("The example of RFC 2033 4.2")
    void theExampleOfTheStandard() throws IOException {
        office.spoil = but(1, OVER_QUOTA);
        try (SmtpClient client = SmtpClient.connect(office.address(SmtpService.LMTP))) {
            client.expect(220, Office.HOST + " LMTP").send("LHLO foo.example").expect(250);
            client.send("MAIL FROM:<chris@bar.example>").expect(250);
            client.send("RCPT TO:<" + Office.ANNA + ">").expect(250);
            client.send("RCPT TO:<jones@example.test>").expect(550, "5.1.1");
            client.send("RCPT TO:<" + Office.BERT + ">").expect(250);
            client.send("DATA").expect(354);
            client.raw("Blah blah blah...\r\n...etc. etc. etc.\r\n.\r\n");
            client.expect(250, "2.0.0").expect(452, "4.2.2");
            client.send("QUIT").expect(221).expectClosed();
        }
    }

    @Test
    @Claim({"ATK-10", "DAT-4"})
    void oneRefusedBetweenTwoGoodOnesChangesNeither() throws IOException {
        int anna = office.count(Office.ANNA);
        int cora = office.count(Office.CORA);
        int told = office.told(EventType.MAIL_REFUSED).size();
        long taken = office.answers(SmtpService.LMTP).count("DATA", 2);
        long refused = office.answers(SmtpService.LMTP).count("DATA", 5);
        office.spoil = but(1, GONE);
        try (SmtpClient client = to(Office.ANNA, Office.BERT, Office.CORA)) {
            client.raw(MESSAGE).expect(250).expect(550, "5.2.1").expect(250);
            client.send("NOOP").expect(250);
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(anna + 1);
        assertThat(office.count(Office.CORA)).isEqualTo(cora + 1);
        assertThat(office.told(EventType.MAIL_REFUSED)).hasSize(told + 1);
        assertThat(office.answers(SmtpService.LMTP).count("DATA", 2)).isEqualTo(taken + 2);
        assertThat(office.answers(SmtpService.LMTP).count("DATA", 5)).isEqualTo(refused + 1);
    }

    @Test
    @Claim("ATK-10")
    void oneWhoseMailboxChangedMeanwhileIsDeferredAlone() throws IOException {
        int anna = office.count(Office.ANNA);
        int bert = office.count(Office.BERT);
        int cora = office.count(Office.CORA);
        office.withdrawn = Set.of(office.people.get(Office.BERT).mailbox());
        try (SmtpClient client = to(Office.ANNA, Office.BERT, Office.CORA)) {
            client.raw(MESSAGE).expect(250).expect(451, "4.3.0 The mailbox changed").expect(250);
            client.send("NOOP").expect(250);
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(anna + 1);
        assertThat(office.count(Office.BERT)).isEqualTo(bert);
        assertThat(office.count(Office.CORA)).isEqualTo(cora + 1);
        try (SmtpClient client = to(Office.BERT)) {
            client.raw(MESSAGE).expect(451).send("NOOP").expect(250);
        }
        office.withdrawn = Set.of();
        try (SmtpClient client = to(Office.BERT)) {
            client.raw(MESSAGE).expect(250);
        }
        assertThat(office.count(Office.BERT)).isEqualTo(bert + 1);
    }

    @Test
    @Claim("ATK-10")
    @DisplayName("Who was named twice gets two answers and one copy (RFC 2033 4.2)")
    void eachNamingIsAnsweredAndAMailboxGetsOneCopy() throws IOException {
        int anna = office.count(Office.ANNA);
        int cora = office.count(Office.CORA);
        String[] named = {
            Office.ANNA, Office.CORA, "ANNA@EXAMPLE.TEST", "anna+x@example.test", "postmaster"
        };
        try (SmtpClient client = to(named)) {
            client.raw(MESSAGE).expect(250).expect(250).expect(250).expect(250).expect(250);
            client.send("NOOP").expect(250, "2.0.0 Yes");
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(anna + 1);
        assertThat(office.count(Office.CORA)).isEqualTo(cora + 1);
        office.spoil = but(0, OVER_QUOTA);
        try (SmtpClient client = to(named)) {
            client.raw(MESSAGE).expect(452).expect(250).expect(452).expect(452).expect(452);
            client.send("NOOP").expect(250, "2.0.0 Yes");
        }
    }

    @Test
    @Claim("ATK-06")
    void aPipelinedDialogueStaysInOrder() throws IOException {
        office.spoil = but(1, GONE);
        try (SmtpClient client = office.lmtp()) {
            for (int i = 0; i < 2; i++) {
                client.raw(
                        "MAIL FROM:<a@b.example>\r\nRCPT TO:<anna@example.test>\r\n"
                                + "RCPT TO:<nobody@example.test>\r\n"
                                + "RCPT TO:<cora@example2.test>\r\nDATA\r\n");
                client.expect(250, "2.1.0").expect(250, "2.1.5").expect(550, "5.1.1");
                client.expect(250, "2.1.5").expect(354);
                client.raw(MESSAGE + "VRFY x\r\n" + (i == 0 ? "" : "QUIT\r\n"));
                client.expect(250, "2.0.0 Message").expect(550, "5.2.1").expect(252);
            }
            client.expect(221).expectClosed();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EHLO client.example,500",
        "HELO client.example,500",
        "MAIL FROM:<a@b.example>,503",
        "RCPT TO:<anna@example.test>,503",
        "DATA,503",
        "STARTTLS,502",
        "AUTH PLAIN AGEAYg==,502"
    })
    @Claim("ATK-06")
    void outOfPlaceBeforeLhlo(String line, int code) throws IOException {
        try (SmtpClient client = SmtpClient.connect(office.address(SmtpService.LMTP))) {
            client.expect(220).send(line).expect(code, "5.5.1");
            client.send("LHLO x").expect(250);
        }
    }

    @Test
    @DisplayName("Without a recipient DATA is out of place: 503 (RFC 2033 4.2)")
    void dataWithoutRecipients() throws IOException {
        try (SmtpClient client = office.lmtp()) {
            client.send("DATA").expect(503, "5.5.1 Say MAIL");
            client.send("MAIL FROM:<a@b.example>").expect(250);
            client.send("DATA").expect(503, "5.5.1 No recipient");
            client.send("RCPT TO:<nobody@example.test>").expect(550);
            client.send("RCPT TO:<c@elsewhere.example>").expect(550, "5.7.1 Relay");
            client.send("DATA").expect(503, "5.5.1 No recipient");
            client.send("RCPT TO:<anna@example.test>").expect(250);
            client.send("DATA x").expect(501, "5.5.4");
            client.send("EHLO x").expect(500, "5.5.1");
            client.send("DATA").expect(354).raw(MESSAGE).expect(250);
            client.send("DATA").expect(503, "5.5.1 Say MAIL");
            client.send("BDAT 3 LAST").expect(502).expectClosed();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SmtpService.class,
            names = {"MX", "SUBMISSION"})
    void lhloIsNoCommandOfSmtp(SmtpService service) throws IOException {
        try (SmtpClient client = SmtpClient.connect(office.address(service))) {
            client.expect(220, Office.HOST + " ESMTP").send("LHLO x").expect(500, "5.5.1");
        }
    }

    @Test
    @Claim({"ATK-01", "ATK-16"})
    void whatIsWrongWithTheMessageIsToldForEach() throws IOException {
        int before = office.count(Office.ANNA);
        try (SmtpClient client = to(Office.ANNA, Office.CORA, Office.ANNA)) {
            client.raw("Subject: x\r\n\r\n\0\r\n.\r\n");
            client.expect(550, "5.6.0").expect(550, "5.6.0").expect(550, "5.6.0");
            client.send("NOOP").expect(250, "2.0.0 Yes");
        }
        try (SmtpClient client = to(Office.ANNA, Office.CORA)) {
            client.raw("Subject: x\r\n\r\nx\n.\r\n.\r\n");
            client.expect(550, "5.6.11").expect(550, "5.6.11").expectClosed();
        }
        try (SmtpClient client = to(Office.ANNA, Office.CORA)) {
            client.raw("Subject: x\r\n\r\nhalf").halfClose();
            client.expect(421, "4.4.2").expectClosed();
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(before);
    }

    @Test
    @Claim("ATK-06")
    void aStoreThatIsAwayOrFailsDefersEach() throws IOException {
        for (RuntimeException why :
                List.of(
                        new Unavailable(Problem.temporary("The database is away", "test")),
                        new AccessDenied("test"),
                        new IllegalStateException("as asked"))) {
            office.spoil =
                    answers -> {
                        throw why;
                    };
            try (SmtpClient client = to(Office.ANNA, Office.CORA, Office.ANNA)) {
                client.raw(MESSAGE).expect(451).expect(451).expect(451);
                if (why instanceof IllegalStateException) {
                    client.expectClosed();
                } else {
                    client.send("NOOP").expect(250, "2.0.0 Yes");
                }
            }
        }
        office.spoil = answers -> List.of(answers.getFirst());
        try (SmtpClient client = to(Office.ANNA, Office.CORA)) {
            client.raw(MESSAGE).expect(250).expect(451, "4.3.0 Not delivered");
        }
    }

    @Test
    @Claim("NET-2")
    void oneRefusalTooManyEndsTheSessionBehindTheAnswers() throws IOException {
        try (SmtpClient client = office.lmtp()) {
            client.send("MAIL FROM:<a@b.example>").expect(250);
            for (int i = 0; i < Office.limits().refusals() - 1; i++) {
                client.send("RCPT TO:<nobody@example.test>").expect(550);
            }
            client.send("RCPT TO:<anna@example.test>").expect(250);
            client.send("RCPT TO:<cora@example2.test>").expect(250);
            client.send("DATA").expect(354).raw("Subject: x\r\n\r\n\0\r\n.\r\n");
            client.expect(550, "5.6.0").expect(550, "5.6.0").expect(421, "4.7.0").expectClosed();
        }
    }

    @ParameterizedTest
    @CsvSource({"'',LMTP", "' SMTPUTF8',UTF8LMTP"})
    void traceFieldsNameTheProtocol(String parameter, String with) throws IOException {
        try (SmtpClient client = office.lmtp()) {
            client.send("MAIL FROM:<a@b.example>" + parameter).expect(250);
            client.send("RCPT TO:<bert@example.test>").expect(250);
            client.send("DATA").expect(354).raw(MESSAGE).expect(250);
        }
        assertThat(office.newest(Office.BERT))
                .startsWith(
                        "Return-Path: <a@b.example>\r\nReceived: from client.example ([127.0.0.1])\r\n"
                                + "\tby mail.example.test with "
                                + with
                                + "\r\n\tid ");
    }
}
