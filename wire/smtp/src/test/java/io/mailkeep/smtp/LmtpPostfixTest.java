package io.mailkeep.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.SmtpClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real queue in front of us, which hands its mail over by lmtp(8). */
@DisplayName("Postfix' lmtp(8) keeps whom we defer, and nobody gets a second copy (RFC 2033)")
class LmtpPostfixTest {
    private static Office office;
    @TempDir static Path folder;

    @BeforeAll
    static void open() {
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

    private static void send(Postfix postfix) throws IOException {
        try (SmtpClient client = SmtpClient.connect(postfix.address())) {
            client.greet().send("MAIL FROM:<>").expect(250);
            for (String recipient :
                    new String[] {Office.ANNA, Office.BERT, "nobody@example.test", Office.CORA}) {
                client.send("RCPT TO:<" + recipient + ">").expect(250);
            }
            client.send("DATA").expect(354).raw("Subject: queued\r\n\r\nx\r\n.\r\n").expect(250);
        }
    }

    @Test
    @Claim({"ATK-10", "OPS-5"})
    void aDeferredRecipientIsTriedAgainAlone() throws Exception {
        String us = "lmtp:inet:127.0.0.1:" + office.address(SmtpService.LMTP).getPort();
        office.withdrawn = Set.of(office.people.get(Office.BERT).mailbox());
        try (Postfix postfix = Postfix.start(folder, "normalize", us)) {
            send(postfix);
            postfix.awaitLog("status=deferred");
            postfix.awaitLog("status=bounced");
            assertThat(postfix.log().lines().filter(line -> line.contains("status=sent")))
                    .as(postfix.log())
                    .hasSize(2)
                    .anyMatch(line -> line.contains("to=<anna@example.test>"))
                    .anyMatch(line -> line.contains("to=<cora@example2.test>"))
                    .allMatch(
                            line -> line.contains("/lmtp[") && line.contains("250 2.0.0 Message"));
            assertThat(postfix.log())
                    .containsPattern("to=<bert@example.test>.*451 4.3.0 The mailbox changed")
                    .containsPattern("to=<nobody@example.test>.*550 5.1.1");
            assertThat(office.count(Office.ANNA)).isEqualTo(1);
            assertThat(office.count(Office.BERT)).isZero();
            assertThat(office.count(Office.CORA)).isEqualTo(1);
            office.withdrawn = Set.of();
            postfix.flush();
            postfix.awaitDone(1);
        }
        assertThat(office.newest(Office.BERT)).contains("with LMTP\r\n", "Subject: queued\r\n");
        assertThat(office.count(Office.ANNA)).isEqualTo(1);
        assertThat(office.count(Office.BERT)).isEqualTo(1);
        assertThat(office.count(Office.CORA)).isEqualTo(1);
    }
}
