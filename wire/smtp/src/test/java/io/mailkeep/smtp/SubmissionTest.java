package io.mailkeep.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Problem;
import io.mailkeep.net.Listener;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Submission (RFC 6409) with AUTH (RFC 4954), STARTTLS (RFC 3207) and SMTPUTF8 (RFC 6531): whose
 * mail it is, and to whom it may go.
 */
@DisplayName("Submission, relay and TLS: who may send what to whom")
class SubmissionTest extends AtTheOffice {
    private static SmtpClient secured() throws IOException {
        return office.submission()
                .greet()
                .startTls(office.trust)
                .send("EHLO c.example")
                .expect(250);
    }

    private static String plain(String authorization, String name, String password) {
        return SmtpClient.plain(authorization, name, password);
    }

    @Test
    @Claim({"NET-1", "ATK-05"})
    void noPasswordIsTakenInPlainText() throws IOException {
        try (SmtpClient client = office.submission()) {
            client.greet();
            assertThat(client.last().lines()).contains("STARTTLS").doesNotContain("AUTH PLAIN");
            client.signIn(Office.ANNA, Office.PASSWORD).expect(538, "5.7.11");
            client.send("MAIL FROM:<anna@example.test>").expect(530, "5.7.0 Say STARTTLS first");
            client.startTls(office.trust);
            client.send("MAIL FROM:<anna@example.test>").expect(503, "5.5.1");
            client.send("EHLO c.example").expect(250);
            assertThat(client.last().lines()).contains("AUTH PLAIN").doesNotContain("STARTTLS");
            client.send("STARTTLS").expect(503, "5.5.1");
            client.send("MAIL FROM:<anna@example.test>").expect(530, "5.7.0 Sign in first");
        }
    }

    @Test
    @DisplayName(
            "AUTH PLAIN in one step and in two, with a proxy name of one's own (RFC 4954, 4616)")
    void authPlain() throws IOException {
        try (SmtpClient client = secured()) {
            client.send("AUTH PLAIN").expect(334);
            client.send(plain("", Office.ANNA, Office.PASSWORD)).expect(235, "2.7.0");
            client.signIn(Office.ANNA, Office.PASSWORD).expect(503, "5.5.1");
        }
        try (SmtpClient client = secured()) {
            client.send("auth plain " + plain(Office.ANNA, Office.ANNA, Office.PASSWORD))
                    .expect(235);
        }
        try (SmtpClient client = secured()) {
            client.send("AUTH PLAIN").expect(334).send("*").expect(501, "5.7.0");
            client.send("AUTH LOGIN").expect(504, "5.5.4");
            client.send("AUTH").expect(504, "5.5.4");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=",
                "AGFubmE",
                "AGFubmFAZXhhbXBsZS50ZXN0AHg",
                "????",
                "YW5uYQ==",
                "AAAA",
                "AAB4",
                "AGEAYgBj",
                "AGFubmFAZXhhbXBsZS50ZXN0AA==",
                "AP8AcGFzc3dvcmQ="
            })
    void whatIsNotAPlainMessageIsASyntaxError(String response) throws IOException {
        try (SmtpClient client = secured()) {
            client.send("AUTH PLAIN " + response).expect(501, "5.5.2");
        }
    }

    @Test
    void wrongNameWrongPasswordAndAnothersNameLookTheSameAndTheThirdEndsTheSession()
            throws IOException {
        try (SmtpClient client = secured()) {
            SmtpReply unknown = client.signIn("nobody@example.test", Office.PASSWORD).reply();
            SmtpReply wrong = client.signIn(Office.ANNA, "wrong").reply();
            assertThat(unknown).isEqualTo(wrong);
            assertThat(wrong.code()).isEqualTo(535);
            client.send("AUTH PLAIN " + plain(Office.BERT, Office.ANNA, Office.PASSWORD));
            client.expect(421, "4.7.0").expectClosed();
        }
    }

    @Test
    @DisplayName("A name has at most 255 octets (RFC 4616 2), a password as many as one may choose")
    void longNamesAreASyntaxErrorAndLongPasswordsAreChecked() throws IOException {
        try (SmtpClient client = secured()) {
            client.send("AUTH PLAIN " + plain("", "a".repeat(256), "x")).expect(501, "5.5.2");
            client.send("AUTH PLAIN " + plain("", "a", "x".repeat(1_025))).expect(501, "5.5.2");
            client.send("AUTH PLAIN " + plain("", "a".repeat(255), "x".repeat(1_024)))
                    .expect(535, "5.7.8");
        }
    }

    @Test
    void aServerThatIsBusyIsNoFailedSignIn() throws IOException {
        try (SmtpClient client = secured()) {
            office.busy = Optional.of(Problem.temporary("Too many sign-ins at once", "test"));
            for (int i = 0; i < 5; i++) {
                client.signIn(Office.ANNA, Office.PASSWORD).expect(454, "4.7.0 Too many");
            }
            office.busy = Optional.empty();
            client.signIn(Office.ANNA, Office.PASSWORD).expect(235);
        } finally {
            office.busy = Optional.empty();
        }
    }

    @Test
    @DisplayName("AUTH needs EHLO (RFC 4954 3), and a bare LF within it ends the session")
    @Claim({"ATK-03", "ATK-06"})
    void authWithinAnotherDialogue() throws IOException {
        try (SmtpClient client = office.submission()) {
            client.greet().startTls(office.trust).send("HELO c.example").expect(250);
            client.signIn(Office.ANNA, Office.PASSWORD).expect(503, "5.5.1");
            client.send("EHLO c.example").expect(250).send("AUTH PLAIN").expect(334);
            client.raw("AGFubmEA\nMAIL FROM:<anna@example.test>\r\n").expect(501, "5.5.2");
            client.expectClosed();
        }
    }

    @Test
    @DisplayName("What was said before TLS is forgotten (RFC 3207 4.2)")
    @Claim("ATK-04")
    void aMessageBegunInPlainTextIsForgotten() throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.startTls(office.trust);
            client.send("RCPT TO:<anna@example.test>").expect(503, "5.5.1");
        }
    }

    @Test
    void stoppingWithinASignInIsOneGoodbye() throws IOException {
        Listener stopping = office.listen(SmtpService.SUBMISSIONS, Office.limits(), office.spool);
        try (SmtpClient client = SmtpClient.connectTls(stopping.address(), office.trust)) {
            client.greet().send("AUTH PLAIN").expect(334);
            stopping.close();
            client.expect(421).expectClosed();
        }
    }

    @Test
    void aLongAuthLineIsReadAndALongerOneRefused() throws IOException {
        try (SmtpClient client = secured()) {
            client.send("AUTH PLAIN " + "A".repeat(12_000)).expect(501, "5.5.2");
            client.send("AUTH PLAIN").expect(334).send("A".repeat(13_000)).expect(500, "5.5.6");
        }
    }

    @Test
    void submittedMailReachesALocalRecipientWithoutTellingFromWhere() throws IOException {
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            SmtpReply reply =
                    client.deliver(
                            "anna+private@example.test",
                            List.of(Office.CORA, Office.BERT),
                            "From: Anna <anna@example.test>\r\nSubject: x\r\n\r\nhello\r\n"
                                    .getBytes(UTF_8));
            assertThat(reply.code()).isEqualTo(250);
        }
        assertThat(office.newest(Office.CORA))
                .contains("with ESMTPSA")
                .contains("Received: by mail.example.test")
                .doesNotContain("127.0.0.1")
                .doesNotContain("client.example")
                .doesNotContain("bert")
                .endsWith("hello\r\n");
    }

    @Test
    void utf8MailIsTaken() throws IOException {
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            client.send("MAIL FROM:<anna@example.test> AUTH").expect(555, "5.5.4");
            client.send("MAIL FROM:<anna@example.test> SMTPUTF8 BODY=8BITMIME AUTH=<>").expect(250);
            client.send("RCPT TO:<bert@example.test>").expect(250).send("DATA").expect(354);
            client.raw("From: Änna <anna@example.test>\r\nSubject: 你好\r\n\r\n你好\r\n.\r\n");
            client.expect(250);
        }
        assertThat(office.newest(Office.BERT)).contains("with UTF8SMTPSA").endsWith("你好\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r", "\r.\r\n", "\r\n\0.\r\n"})
    @Claim({"ATK-02", "OPS-5"})
    void nothingIsSmuggledOut(String ending) throws IOException {
        int before = office.count(Office.BERT);
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            client.send("MAIL FROM:<anna@example.test>").expect(250);
            client.send("RCPT TO:<bert@example.test>").expect(250).send("DATA").expect(354);
            client.raw(
                    "From: anna@example.test\r\n\r\nouter"
                            + ending
                            + "MAIL FROM:<cora@example2.test>\r\nRCPT TO:<x@outside.example>\r\n"
                            + "DATA\r\nFrom: cora@example2.test\r\n\r\ninner\r\n.\r\n");
            client.expect(550, "5.6.");
        }
        assertThat(office.count(Office.BERT)).isEqualTo(before);
    }

    @Test
    void anOutsideRecipientIsRefusedWithTheReasonAndNeverDropped() throws IOException {
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            client.send("MAIL FROM:<anna@example.test>").expect(250);
            client.send("RCPT TO:<x@outside.example>")
                    .expect(550, "5.7.1 Outbound delivery isn't built");
            client.send("DATA").expect(554);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<bert@example.test>", "<cora@example2.test>", "<a@outside.example>", "<>"})
    @Claim({"ATK-13", "ACC-3"})
    void theSenderIsOneself(String sender) throws IOException {
        int before = office.audit.size();
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            client.send("MAIL FROM:" + sender).expect(550, "5.7.1");
        }
        assertThat(office.audit).hasSize(before + 1);
        assertThat(office.audit.getLast().actor())
                .isEqualTo(office.people.get(Office.ANNA).account().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "From: bert@example.test|5.7.1",
                "From: Anna <bert@example.test>|5.7.1",
                "From: anna@example.test, bert@example.test|5.7.1",
                "From: <anna@example.test> <bert@example.test>|5.7.1",
                "From: \"anna@example.test\" <bert@example.test>|5.7.1",
                "From: bert@example.test <anna@example.test>|5.7.1",
                "From: friends: anna@example.test;|5.7.1",
                "From: <@x.example:anna@example.test>|5.7.1",
                "From:|5.7.1",
                "From: Anna|5.7.1",
                "fROM : bert@example.test|5.7.1",
                "From: anna@example.test~Sender: bert@example.test|5.7.1",
                "From: anna@example.test~From: bert@example.test|5.6.0",
                "From: anna@example.test~Sender: anna@example.test~Sender: anna@example.test|5.6.0",
                "nonsense~From: anna@example.test|5.6.0"
            })
    @Claim({"ATK-13", "ACC-3"})
    void authorAndSenderAreOneself(String header, String enhanced) throws IOException {
        int before =
                office.refused("From not own").size() + office.refused("Sender not own").size();
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            SmtpReply reply =
                    client.deliver(
                            Office.ANNA,
                            List.of(Office.BERT),
                            (header.replace("~", "\r\n") + "\r\nSubject: x\r\n\r\nx\r\n")
                                    .getBytes(UTF_8));
            assertThat(reply.code()).isEqualTo(550);
            assertThat(reply.text()).startsWith(enhanced);
        }
        int after = office.refused("From not own").size() + office.refused("Sender not own").size();
        assertThat(after - before).isEqualTo("5.7.1".equals(enhanced) ? 1 : 0);
    }

    @Test
    @Claim("ATK-13")
    void atMostFiftyAuthorsAreJudged() throws IOException {
        for (int authors : new int[] {50, 51}) {
            String from = "From: anna@example.test" + ",\r\n anna@example.test".repeat(authors - 1);
            try (SmtpClient client = office.signedIn(Office.ANNA)) {
                SmtpReply reply =
                        client.deliver(
                                Office.ANNA,
                                List.of(Office.BERT),
                                (from + "\r\n\r\nx\r\n").getBytes(UTF_8));
                assertThat(reply.code()).isEqualTo(authors > 50 ? 550 : 250);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: anna@example.test",
                "From: \"Bert <bert@example.test>\" <anna@example.test>",
                "From: ANNA+list@Example.Test (bert@example.test)",
                "From: anna@example.test <anna@example.test>",
                "From: Anna\r\n <anna@example.test>\r\nSender: anna@example.test",
                "X: no author named"
            })
    void onesOwnAddressInAnyFormIsTaken(String header) throws IOException {
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            SmtpReply reply =
                    client.deliver(
                            Office.ANNA,
                            List.of(Office.BERT),
                            (header + "\r\nSubject: x\r\n\r\nx\r\n").getBytes(UTF_8));
            assertThat(reply.code()).as(reply.toString()).isEqualTo(250);
        }
    }

    @Test
    @Claim("ATK-86")
    void aRightThatHasEndedEndsAtTheNextMessage() throws IOException {
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            client.send("MAIL FROM:<anna@example.test>").expect(250).send("RSET").expect(250);
            office.revoked = Optional.of(Problem.denied("You are not allowed to do this.", "gone"));
            client.send("MAIL FROM:<anna@example.test>").expect(550, "5.7.1");
        } finally {
            office.revoked = Optional.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x@outside.example",
                "\"x@outside.example\"@outside2.example",
                "x%outside.example@outside2.example",
                "x@sub.example.test",
                "x@example.test.outside.example",
                "x@xn--exmple-cua.test",
                "anna@[127.0.0.1]",
                "anna@[IPv6:::1]",
                "@example.test:x@outside.example",
                "@a.example,@example.test:x@outside.example",
                "x@outside.example@example.test",
                "outside.example!x",
                "x@",
                "@outside.example",
                "anna@localhost",
                "x@outside.example.",
                "anna@example.test.",
                "anna @example.test",
                "anna@example.test,x@outside.example",
                "x@1.2.3.4"
            })
    @Claim({"ATK-11", "ATK-12", "OPS-5"})
    void nothingIsRelayed(String recipient) throws IOException {
        for (String sender : List.of("x@outside.example", "anna@example.test", "")) {
            try (SmtpClient client = office.mx()) {
                client.greet().send("MAIL FROM:<" + sender + ">").expect(250);
                client.send("RCPT TO:<" + recipient + ">")
                        .expect("a refusal", reply -> reply.code() / 100 == 5);
                client.send("DATA").expect(554);
            }
        }
    }

    @Test
    @Claim("ATK-12")
    void aRefusedRelayIsOnTheAuditLogWithItsAddressSealed() throws IOException {
        int before = office.refused("relay denied").size();
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<x@outside.example>").expect(550, "5.7.1");
        }
        assertThat(office.refused("relay denied")).hasSize(before + 1);
        assertThat(office.refused("relay denied").getLast().personal())
                .extracting("field", "value")
                .contains(org.assertj.core.groups.Tuple.tuple("remote", "127.0.0.1"));
        assertThat(office.refused("relay denied").getLast().facts().values())
                .noneMatch(value -> value.contains("outside.example"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna%outside.example@example.test",
                "outside.example!anna@example.test",
                "\"a\\\rb\"@example.test",
                "\"a b\"@example.test",
                "'; DROP TABLE x; --@example.test",
                "*)(uid=*@example.test"
            })
    @Claim("ATK-11")
    void oddLocalPartsAreNobody(String recipient) throws IOException {
        try (SmtpClient client = office.mx()) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<" + recipient + ">")
                    .expect("a refusal", reply -> reply.code() / 100 == 5);
            client.send("RCPT TO:<" + "x".repeat(1_900) + "@example.test>").expect(501, "5.1.3");
        }
    }

    @Test
    @Claim({"ATK-04", "NET-1"})
    void commandsInThePacketOfStartTlsAreThrownAwayAndOnTheAuditLog() throws IOException {
        int before = office.told(EventType.TLS_INJECTION).size();
        try (SmtpClient client = office.mx()) {
            client.greet()
                    .raw("STARTTLS\r\nMAIL FROM:<injected@b.example>\r\nNOOP\r\n")
                    .expect(220);
            client.secure(office.trust);
            client.send("RCPT TO:<anna@example.test>").expect(503, "5.5.1");
            client.send("EHLO c.example").expect(250);
            client.send("RCPT TO:<anna@example.test>").expect(503, "5.5.1");
        }
        assertThat(office.told(EventType.TLS_INJECTION)).hasSize(before + 1);
        assertThat(office.told(EventType.TLS_INJECTION).getLast().facts())
                .containsEntry("octets", "38");
    }
}
