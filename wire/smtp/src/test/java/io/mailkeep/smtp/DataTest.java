package io.mailkeep.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Dropbox;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import io.mailkeep.testing.sim.Seeds;
import io.mailkeep.testing.sim.Soon;
import io.mailkeep.tickets.AccessDenied;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("DATA: whole messages, byte for byte, ended by CRLF.CRLF alone")
class DataTest extends AtTheOffice {
    /** What other servers have taken for the end of the data, and isn't (ATK-01, ATK-02). */
    static final List<String> ALMOST_ENDS =
            List.of(
                    "\n.\n",
                    "\r.\r",
                    "\n.\r\n",
                    "\r\n.\n",
                    "\r\n.\r",
                    "\r.\r\n",
                    "\r\n\0.\r\n",
                    "\n.\n.\r\n");

    private static SmtpClient toAnna() throws IOException {
        SmtpClient client = office.mx();
        client.greet().send("MAIL FROM:<a@b.example>").expect(250);
        client.send("RCPT TO:<anna@example.test>").expect(250).send("DATA").expect(354);
        return client;
    }

    private static SmtpReply deliver(byte[] message) throws IOException {
        try (SmtpClient client = toAnna()) {
            SmtpReply reply = client.raw(SmtpClient.stuffed(message)).reply();
            client.send("NOOP").expect(250);
            return reply;
        }
    }

    @ParameterizedTest
    @FieldSource("ALMOST_ENDS")
    @Claim({"ATK-01", "ATK-02", "OPS-5"})
    void onlyCrLfDotCrLfEndsDataAndNothingIsSmuggled(String ending) throws IOException {
        int before = office.count(Office.ANNA);
        try (SmtpClient client = toAnna()) {
            client.raw(
                    "Subject: outer\r\n\r\nouter"
                            + ending
                            + "MAIL FROM:<smuggled@b.example>\r\nRCPT TO:<anna@example.test>\r\n"
                            + "DATA\r\nSubject: smuggled\r\n\r\ninner\r\n.\r\n");
            SmtpReply reply = client.reply();
            if (ending.contains("\0")) {
                assertThat(reply.code()).isEqualTo(550);
                assertThat(reply.text()).startsWith("5.6.0");
            } else {
                assertThat(reply.code()).isEqualTo(550);
                assertThat(reply.text()).startsWith("5.6.11");
                client.expectClosed();
            }
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(before);
    }

    @Test
    @Claim("ATK-03")
    void crAloneInsideAHeaderIsRefused() throws IOException {
        try (SmtpClient client = toAnna()) {
            client.raw("Subject: a\rBcc: b@b.example\r\n\r\nx\r\n.\r\n").expect(550, "5.6.11");
            client.expectClosed();
        }
    }

    @Test
    @Claim("ATK-03")
    void aBareLfInAHeaderIsRefused() throws IOException {
        try (SmtpClient client = toAnna()) {
            client.raw("Subject: a\nBcc: b@b.example\r\n\r\nx\r\n.\r\n").expect(550, "5.6.11");
            client.expectClosed();
        }
    }

    static Stream<byte[]> oddMessages() {
        return Stream.of(
                        "",
                        "Subject: header only\r\n",
                        "Subject: header and empty line\r\n\r\n",
                        "no header at all\r\n",
                        ".\r\n",
                        "..\r\n",
                        "\r\n.\r\n..\r\n...\r\n",
                        ".\r\n.\r\n.\r\n",
                        " starts folded\r\nSubject: x\r\n\r\nbody\r\n",
                        "Subject: 8-bit \u00e9\r\n\r\n\u00ff\u00fe\u0080\r\n",
                        "\u00ef\u00bb\u00bfSubject: BOM\r\n\r\nx\r\n",
                        "Subject: \u00ed\u00a0\u0080 lone surrogate\r\n\r\n\u00c3(\r\n",
                        "From a@b Mon Jan  1 00:00:00 2026\r\nSubject: mbox\r\n\r\nx\r\n",
                        "Subject: one\r\n two\r\n\tthree\r\n\r\n\r\n\r\n")
                .map(text -> text.getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @MethodSource("oddMessages")
    @Claim({"ATK-16", "ATK-20", "DAT-4"})
    void whatIsStoredIsWhatWasSent(byte[] message) throws IOException {
        assertThat(deliver(message).code()).isEqualTo(250);
        assertThat(office.newestBody(Office.ANNA)).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {4_095, 4_096, 4_097, 8_191, 8_192, 8_193, 65_535, 65_536, 65_537})
    @Claim("ATK-20")
    void dottedLinesAroundBufferBordersAreKept(int length) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes("Subject: dots\r\n\r\n".getBytes(UTF_8));
        for (int shift = -3; shift <= 3; shift++) {
            message.writeBytes(("." + "x".repeat(length - 3 + shift) + "\r\n").getBytes(UTF_8));
            message.writeBytes(".\r\n..\r\n".getBytes(UTF_8));
        }
        assertThat(deliver(message.toByteArray()).code()).isEqualTo(250);
        assertThat(office.newestBody(Office.ANNA)).isEqualTo(message.toByteArray());
    }

    @Test
    @Claim("ATK-20")
    void randomMessagesInRandomPiecesAreKept() {
        List<String> alphabet = List.of(".", "..", "\r\n", "x", "\r\n.", ".\r\n", "é");
        Seeds.run(
                20,
                (seed, randomness) -> {
                    StringBuilder text = new StringBuilder("Subject: random\r\n\r\n");
                    for (int i = randomness.below(2_000); i >= 0; i--) {
                        text.append(alphabet.get(randomness.below(alphabet.size())));
                    }
                    byte[] message = (text + "\r\n").getBytes(UTF_8);
                    byte[] data = SmtpClient.stuffed(message);
                    try (SmtpClient client = toAnna()) {
                        int at = 0;
                        while (at < data.length) {
                            int next = Math.min(data.length, at + 1 + randomness.below(700));
                            client.raw(Arrays.copyOfRange(data, at, next));
                            at = next;
                        }
                        client.expect(250);
                    }
                    assertThat(office.newestBody(Office.ANNA)).isEqualTo(message);
                });
    }

    @Test
    @Claim("ATK-16")
    void nulIsRefusedAndTheSessionGoesOn() throws IOException {
        try (SmtpClient client = toAnna()) {
            client.raw("Subject: x\r\n\r\na\0b\r\n.\r\n").expect(550, "5.6.0");
            client.send("NOOP").expect(250);
        }
    }

    @Test
    @Claim("ATK-08")
    void aBodyLineWithoutEndIsTakenAsAStream() throws IOException {
        byte[] line = new byte[8 << 20];
        Arrays.fill(line, (byte) 'x');
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes("Subject: long line\r\n\r\n".getBytes(UTF_8));
        message.writeBytes(line);
        message.writeBytes("\r\n".getBytes(UTF_8));
        assertThat(deliver(message.toByteArray()).code()).isEqualTo(250);
        assertThat(office.newestBody(Office.ANNA)).isEqualTo(message.toByteArray());
        assertThat(office.spool.memoryInUse()).isZero();
        assertThat(office.spool.filesInUse()).isZero();
    }

    @Test
    @Claim("ATK-08")
    void aHeaderWithoutEndIsRefused() throws IOException {
        byte[] line = new byte[10_000_000];
        Arrays.fill(line, (byte) 'x');
        try (SmtpClient client = toAnna()) {
            client.raw("Subject: ").raw(line).raw("\r\n\r\nbody\r\n.\r\n").expect(552, "5.3.4");
            client.send("NOOP").expect(250);
        }
        try (SmtpClient client = toAnna()) {
            client.raw("X: y\r\n".repeat(100_000) + "\r\nbody\r\n.\r\n").expect(552, "5.3.4");
        }
        try (SmtpClient client = toAnna()) {
            client.raw("X: y\r\n" + " z\r\n".repeat(60_000) + "\r\nbody\r\n.\r\n").expect(250);
        }
    }

    @Test
    @Claim("ATK-09")
    void aMessageLargerThanAnnouncedAndAllowedIsRefusedAndNothingIsKept() throws Exception {
        int before = office.count(Office.ANNA);
        byte[] block = "x".repeat(998).concat("\r\n").repeat(1_000).getBytes(UTF_8);
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example> SIZE=1000").expect(250);
            client.send("RCPT TO:<anna@example.test>").expect(250).send("DATA").expect(354);
            client.raw("Subject: big\r\n\r\n");
            for (int i = 0; i < 60; i++) {
                client.raw(block);
            }
            // what is refused isn't kept until the client has finished
            Soon.until(() -> office.spool.filesInUse() == 0);
            client.raw(".\r\n").expect(552, "5.3.4").send("NOOP").expect(250);
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(before);
        assertThat(office.spool.filesInUse()).isZero();
        assertThat(office.spool.memoryInUse()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101})
    @Claim({"ATK-17", "OPS-5"})
    void moreThanAHundredHopsAreALoop(int hops) throws IOException {
        String message = "Received: by x.example; now\r\n".repeat(hops) + "Subject: x\r\n\r\nx\r\n";
        SmtpReply reply = deliver(message.getBytes(UTF_8));
        assertThat(reply.code()).isEqualTo(hops == 100 ? 250 : 554);
        if (hops > 100) {
            assertThat(reply.text()).startsWith("5.4.6");
        }
        byte[] fieldsOnly = "Received: by x.example; now\r\n".repeat(hops).getBytes(UTF_8);
        assertThat(deliver(fieldsOnly).code()).isEqualTo(reply.code());
    }

    @Test
    @Claim({"ATK-22", "OPS-5"})
    void forgedFieldsOfOurNameAreRemovedAndAllElseIsKept() throws IOException {
        String kept1 = "Received: from x\r\n\tby y; now\r\n";
        String kept2 = "Authentication-Results: other.example; dkim=pass\r\n";
        String kept3 = "Subject: x\r\n\r\nX-Mailkeep-Class: body\r\n";
        String message =
                kept1
                        + "X-Mailkeep-Verdict: clean\r\n\tfolded\r\n"
                        + "x-mailkeep-y: z\r\n"
                        + "Authentication-Results: mail.example.test; dkim=pass\r\n"
                        + "Authentication-Results :\r\n (a (b) c)\r\n \"MAIL.example.TEST\" 1;\r\n spf=pass\r\n"
                        + kept2
                        + "ARC-Authentication-Results: i=1; mail.example.test; dmarc=pass\r\n"
                        + "Received-SPF: pass (x) receiver=mail.example.test;\r\n"
                        + kept3;
        SmtpReply reply = deliver(message.getBytes(UTF_8));
        assertThat(reply.code()).isEqualTo(250);
        assertThat(new String(office.newestBody(Office.ANNA), UTF_8))
                .isEqualTo(kept1 + kept2 + kept3);
        String id = reply.text().substring(reply.text().lastIndexOf(' ') + 1);
        assertThat(office.store.told(id, "\"fieldsRemoved\":\"6\"")).isTrue();
    }

    @Test
    @Claim("ATK-19")
    void aClientThatLeavesBeforeTheEndLeavesNothing() throws Exception {
        int before = office.count(Office.ANNA);
        SmtpClient gone = toAnna();
        gone.raw("Subject: x\r\n\r\nhalf").reset();
        SmtpClient shut = toAnna();
        shut.raw("Subject: x\r\n\r\nhalf\r\n.").halfClose();
        shut.expect(421, "4.4.2").expectClosed();
        Soon.until(() -> office.listener(SmtpService.MX).status().open() == 0);
        assertThat(office.count(Office.ANNA)).isEqualTo(before);
        assertThat(office.spool.memoryInUse()).isZero();
    }

    @Test
    @Claim("ATK-19")
    void aClientThatLeavesAfterTheFinalDotHasItsMessageThereOnce() throws Exception {
        int before = office.count(Office.ANNA);
        toAnna().raw("Subject: x\r\n\r\nwhole\r\n.\r\n").halfClose();
        Soon.until(() -> office.count(Office.ANNA) > before);
        assertThat(office.newest(Office.ANNA)).endsWith("whole\r\n");
        assertThat(office.count(Office.ANNA)).isEqualTo(before + 1);
    }

    /** Whether the server had read the end by then is the network's word. */
    @Test
    @Claim("ATK-19")
    void aClientThatResetsAfterTheFinalDotHasItsMessageOnceOrNotAtAll() throws Exception {
        int before = office.count(Office.ANNA);
        for (int i = 0; i < 20; i++) {
            toAnna().raw("Subject: x\r\n\r\nreset " + i + "\r\n.\r\n").reset();
        }
        Soon.until(() -> office.listener(SmtpService.MX).status().open() == 0);
        List<byte[]> arrived = office.mail(Office.ANNA);
        List<String> bodies =
                arrived.subList(before, arrived.size()).stream()
                        .map(mail -> new String(mail, UTF_8))
                        .map(mail -> mail.substring(mail.indexOf("\r\n\r\n") + 4))
                        .toList();
        assertThat(bodies).doesNotHaveDuplicates().allMatch(it -> it.matches("reset \\d+\r\n"));
        assertThat(office.spool.memoryInUse()).isZero();
    }

    @Test
    @DisplayName("Trace fields: RFC 5321 4.4, RFC 3848, RFC 8314 4.3")
    void traceFields() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().startTls(office.trust).send("EHLO client.example").expect(250);
            SmtpReply reply =
                    client.deliver(
                            "Writer@b.example",
                            List.of(Office.BERT),
                            "Subject: x\r\n\r\nx\r\n".getBytes(UTF_8));
            String id = reply.text().substring(reply.text().lastIndexOf(' ') + 1);
            assertThat(id).hasSize(16);
            assertThat(office.newest(Office.BERT))
                    .matches(
                            "(?s)Return-Path: <Writer@b\\.example>\r\n"
                                    + "Received: from client\\.example \\(\\[127\\.0\\.0\\.1\\]\\)\r\n"
                                    + "\tby mail\\.example\\.test with ESMTPS\r\n"
                                    + "\tid "
                                    + id
                                    + "\r\n\tfor <bert@example\\.test>\r\n"
                                    + "\ttls TLS_[A-Z0-9_]+;\r\n"
                                    + "\t[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}"
                                    + " [0-9:]{8} \\+0000\r\nSubject: x\r\n\r\nx\r\n");
        }
    }

    @Test
    @Claim("ATK-10")
    void oneCopyAMailboxHoweverItWasNamedAndOneBodyForAll() throws IOException {
        int before = office.count(Office.ANNA);
        int cora = office.count(Office.CORA);
        try (SmtpClient client = office.mx()) {
            client.greet()
                    .deliver(
                            "a@b.example",
                            List.of(
                                    Office.ANNA,
                                    "ANNA@EXAMPLE.TEST",
                                    "anna+x@example.test",
                                    "\"anna\"@example.test",
                                    Office.CORA),
                            "Subject: many\r\n\r\nx\r\n".getBytes(UTF_8));
            assertThat(client.last().code()).isEqualTo(250);
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(before + 1);
        assertThat(office.count(Office.CORA)).isEqualTo(cora + 1);
        assertThat(office.newest(Office.ANNA)).doesNotContain("for <").doesNotContain("cora");
        assertThat(office.newest(Office.CORA)).contains("for <cora@example2.test>");
    }

    @Test
    @DisplayName("A mailbox that changed since its RCPT defers the message: the retry asks again")
    void aMailboxThatChangedMeanwhileRefusesNothing() throws IOException {
        int before = office.count(Office.ANNA);
        office.withdrawn = Set.of(office.people.get(Office.CORA).mailbox());
        try (SmtpClient client = office.mx()) {
            client.greet();
            byte[] text = "Subject: x\r\n\r\nx\r\n".getBytes(UTF_8);
            for (List<String> to :
                    List.of(List.of(Office.CORA), List.of(Office.ANNA, Office.CORA))) {
                SmtpReply reply = client.deliver("a@b.example", to, text);
                assertThat(reply.code()).as(reply.toString()).isEqualTo(451);
            }
        } finally {
            office.withdrawn = Set.of();
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(before);
    }

    @Test
    @Claim("ATK-10")
    void aHundredRecipientsAreTakenAndThoseBeyondDeferred() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            for (int i = 0; i < 100; i++) {
                client.send("RCPT TO:<anna+" + i + "@example.test>").expect(250);
            }
            for (int i = 0; i < 1_000; i++) {
                client.send("RCPT TO:<bert@example.test>").expect(452, "4.5.3");
            }
            client.send("DATA").expect(354).raw("Subject: x\r\n\r\nx\r\n.\r\n").expect(250);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DONE,DONE,250",
        "DONE,REFUSED,451",
        "DONE,DEFERRED,451",
        "REFUSED,DEFERRED,451",
        "DEFERRED,REFUSED,451",
        "REFUSED,REFUSED,550"
    })
    @DisplayName("All recipients have one answer, and 250 means each of them")
    void oneAnswerForAll(String first, String second, int code) throws IOException {
        int told = office.told(EventType.MAIL_REFUSED).size();
        office.spoil =
                answers -> List.of(spoilt(answers.get(0), first), spoilt(answers.get(1), second));
        try (SmtpClient client = office.mx()) {
            SmtpReply reply =
                    client.greet()
                            .deliver(
                                    "a@b.example",
                                    List.of(Office.ANNA, Office.CORA),
                                    "Subject: x\r\n\r\nx\r\n".getBytes(UTF_8));
            assertThat(reply.code()).isEqualTo(code);
            assertThat(office.told(EventType.MAIL_REFUSED)).hasSize(told + (code == 550 ? 1 : 0));
        } finally {
            office.spoil = UnaryOperator.identity();
        }
    }

    private static Outcome<Dropbox.Receipt> spoilt(Outcome<Dropbox.Receipt> answer, String how) {
        return switch (how) {
            case "REFUSED" -> Outcome.failed(Problem.malformed(550, "5.2.1", "gone"));
            case "DEFERRED" -> Outcome.failed(Problem.temporary("later", "test"));
            default -> answer;
        };
    }

    @Test
    void aStoreThatIsAwayOrSaysNoDefersTheMessageAndTheSessionGoesOn() throws IOException {
        for (RuntimeException why :
                List.of(
                        new Unavailable(Problem.temporary("The database is away", "test")),
                        new AccessDenied("test"))) {
            office.spoil =
                    answers -> {
                        throw why;
                    };
            deferred(toAnna(), why instanceof Unavailable ? "The database is away; " : "The right");
        }
    }

    private static void deferred(SmtpClient to, String text) throws IOException {
        try (SmtpClient client = to) {
            client.raw("Subject: x\r\n\r\nx\r\n.\r\n").expect(451, "4.3.0 " + text);
            client.send("NOOP").expect(250);
        } finally {
            office.spoil = UnaryOperator.identity();
        }
    }
}
