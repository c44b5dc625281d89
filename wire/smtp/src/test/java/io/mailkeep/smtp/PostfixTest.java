package io.mailkeep.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Smuggling between two servers that read data differently, with a real other one. */
@DisplayName("Between Postfix and us nothing is smuggled")
class PostfixTest {
    private static Office office;
    @TempDir static Path folder;

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(Postfix.there(), "postfix isn't installed, or this isn't root");
        office = Office.open();
        // Postfix' processes run as another user.
        assertThat(folder.toFile().setExecutable(true, false)).isTrue();
    }

    @AfterAll
    static void close() {
        if (office != null) {
            office.close();
        }
    }

    /** One message that holds another behind what may pass for the end of data. */
    private static String nested(String ending) {
        return "Subject: outer\r\n\r\nouter"
                + ending
                + "MAIL FROM:<smuggled@b.example>\r\nRCPT TO:<anna@example.test>\r\nDATA\r\n"
                + "Subject: smuggled\r\n\r\ninner\r\n.\r\n";
    }

    /** Sends it; all answers to the data, until the server or a QUIT ends the session. */
    private static List<SmtpReply> send(InetSocketAddress server, String data) throws IOException {
        List<SmtpReply> replies = new ArrayList<>();
        try (SmtpClient client = SmtpClient.connect(server)) {
            client.greet().send("MAIL FROM:<>").expect(250);
            client.send("RCPT TO:<anna@example.test>").expect(250).send("DATA").expect(354);
            client.raw(data);
            replies.add(client.reply());
            client.raw("QUIT\r\n");
            while (client.last().code() != 221 && client.last().code() != 421) {
                replies.add(client.reply());
            }
        } catch (AssertionError | SocketException closed) {
            assertThat(replies).as(closed.toString()).isNotEmpty();
        }
        return replies;
    }

    private static long taken(List<SmtpReply> replies) {
        return replies.stream().filter(reply -> reply.text().contains("queued as")).count();
    }

    @Test
    @Claim({"ATK-01", "OPS-5"})
    void whatFoolsAServerThatEndsLinesAtLfDoesNotFoolUs() throws Exception {
        int before = office.count(Office.ANNA);
        long messages = 0;
        try (Postfix credulous = Postfix.start(folder, "no", "discard:")) {
            for (String ending : DataTest.ALMOST_ENDS) {
                messages += taken(send(credulous.address(), nested(ending)));
            }
            credulous.awaitDone(messages);
        }
        assertThat(messages)
                .as("what this Postfix took: some of it is an attack on it")
                .isGreaterThan(DataTest.ALMOST_ENDS.size());
        for (String ending : DataTest.ALMOST_ENDS) {
            SmtpReply reply = send(office.address(SmtpService.MX), nested(ending)).getFirst();
            assertThat(reply.code()).as(reply.toString()).isEqualTo(550);
        }
        assertThat(office.count(Office.ANNA)).isEqualTo(before);
    }

    @Test
    @Claim({"ATK-01", "ATK-02", "OPS-5"})
    void whatAPeerRelaysArrivesAsOneMessageOrIsRefused() throws Exception {
        String us = "smtp:[127.0.0.1]:" + office.address(SmtpService.MX).getPort();
        try (Postfix peer = Postfix.start(folder, "normalize", us)) {
            for (int i = 0; i < DataTest.ALMOST_ENDS.size(); i++) {
                int before = office.count(Office.ANNA);
                int log = peer.log().length();
                assertThat(taken(send(peer.address(), nested(DataTest.ALMOST_ENDS.get(i)))))
                        .isEqualTo(1);
                peer.awaitDone(i + 1);
                String said = peer.log().substring(log);
                boolean refused = said.contains("said: 550 5.6.");
                assertThat(refused).as(said).isNotEqualTo(said.contains("status=sent"));
                assertThat(office.count(Office.ANNA)).isEqualTo(before + (refused ? 0 : 1));
                assertThat(refused || office.newest(Office.ANNA).contains("Subject: outer"))
                        .isTrue();
            }
        }
    }

    @Test
    @Claim({"ATK-02", "OPS-5"})
    void whatWeTookFromASubmitterIsOneMessageForTheNextServer() throws Exception {
        byte[] message =
                ("From: anna@example.test\r\nSubject: outer\r\n\r\nouter\r\n.\r\n"
                                + "MAIL FROM:<smuggled@b.example>\r\nDATA\r\n..\r\n.\r\ninner\r\n")
                        .getBytes(UTF_8);
        try (SmtpClient client = office.signedIn(Office.ANNA)) {
            assertThat(client.deliver(Office.ANNA, List.of(Office.BERT), message).code())
                    .isEqualTo(250);
        }
        byte[] kept = office.newestBody(Office.BERT);
        assertThat(kept).isEqualTo(message);
        try (Postfix next = Postfix.start(folder, "no", "discard:")) {
            String data = new String(SmtpClient.stuffed(kept), UTF_8);
            assertThat(taken(send(next.address(), data))).isEqualTo(1);
            next.awaitDone(1);
        }
    }
}
