package io.mailkeep.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import io.mailkeep.net.Listener;
import io.mailkeep.net.NetLimits;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.sim.ShiftedTime;
import io.mailkeep.testing.sim.Soon;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * At each point of a session where the server waits, the client falls silent or closes its side.
 */
@DisplayName("A client that falls silent holds nothing for long")
class SilentClientTest extends AtTheOffice {
    /** Where the client stops. */
    enum Stop {
        BEFORE_THE_GREETING_IS_ANSWERED,
        WITHIN_A_COMMAND,
        BEFORE_THE_HANDSHAKE,
        AFTER_THE_HANDSHAKE,
        WITHIN_A_SIGN_IN,
        BETWEEN_RECIPIENTS,
        BEFORE_THE_DATA,
        WITHIN_THE_DATA,
        WITHIN_THE_END_OF_DATA
    }

    private static void go(SmtpClient client, Stop stop) throws IOException {
        client.expect(220);
        switch (stop) {
            case BEFORE_THE_GREETING_IS_ANSWERED -> {}
            case WITHIN_A_COMMAND -> client.raw("EHL");
            case BEFORE_THE_HANDSHAKE ->
                    client.send("EHLO a.example").expect(250).send("STARTTLS").expect(220);
            default -> {
                client.send("EHLO a.example").expect(250).startTls(office.trust);
                secured(client, stop);
            }
        }
    }

    private static void secured(SmtpClient client, Stop stop) throws IOException {
        if (stop == Stop.AFTER_THE_HANDSHAKE) {
            return;
        }
        client.send("EHLO a.example").expect(250).send("AUTH PLAIN").expect(334);
        if (stop == Stop.WITHIN_A_SIGN_IN) {
            return;
        }
        client.send(SmtpClient.plain("", Office.ANNA, Office.PASSWORD)).expect(235);
        client.send("MAIL FROM:<anna@example.test>").expect(250);
        client.send("RCPT TO:<bert@example.test>").expect(250);
        if (stop == Stop.BETWEEN_RECIPIENTS) {
            return;
        }
        client.send("DATA").expect(354);
        switch (stop) {
            case WITHIN_THE_DATA -> client.raw("From: anna@example.test\r\n\r\nhal");
            case WITHIN_THE_END_OF_DATA -> client.raw("From: anna@example.test\r\n\r\nall\r\n.\r");
            default -> {}
        }
    }

    private static NetLimits hastyNet() {
        NetLimits standard = NetLimits.standard();
        return new NetLimits(
                standard.connections(),
                standard.connectionsPerAddress(),
                standard.backlog(),
                Duration.ofMillis(1_500),
                standard.writeStall(),
                standard.stopGrace());
    }

    private static void nothingIsLeft(Listener listener, int before) throws Exception {
        Soon.until(() -> listener.status().open() == 0);
        assertThat(office.count(Office.BERT)).isEqualTo(before);
        assertThat(office.spool.memoryInUse()).isZero();
        assertThat(office.spool.filesInUse()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @Claim({"ATK-139", "NET-2"})
    void silenceEndsTheSession(Stop stop) throws Exception {
        int before = office.count(Office.BERT);
        SmtpLimits hasty =
                Office.limits(Duration.ZERO, Duration.ofMillis(1_500), Duration.ofSeconds(30));
        try (Listener listener =
                        office.listen(
                                SmtpService.SUBMISSION,
                                hasty,
                                office.spool,
                                hastyNet(),
                                Time.system());
                SmtpClient client = SmtpClient.connect(listener.address())) {
            go(client, stop);
            if (stop != Stop.BEFORE_THE_HANDSHAKE) {
                client.expect(421, "4.4.2");
            }
            client.expectClosed();
            nothingIsLeft(listener, before);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Claim({"ATK-19", "ATK-139"})
    void aClosedSideEndsTheSessionAtOnce(Stop stop) throws Exception {
        int before = office.count(Office.BERT);
        try (Listener listener =
                        office.listen(SmtpService.SUBMISSION, Office.limits(), office.spool);
                SmtpClient client = SmtpClient.connect(listener.address())) {
            go(client, stop);
            client.halfClose();
            nothingIsLeft(listener, before);
        }
    }

    @Test
    @Claim("ATK-139")
    void aClientThatTricklesItsMessageIsCutInAll() throws Exception {
        int before = office.count(Office.BERT);
        SmtpLimits hasty =
                Office.limits(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMillis(700));
        try (Listener listener = office.listen(SmtpService.MX, hasty, office.spool);
                SmtpClient client = SmtpClient.connect(listener.address())) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<bert@example.test>").expect(250).send("DATA").expect(354);
            for (int i = 0; i < 6; i++) {
                client.raw("x");
                TimeUnit.MILLISECONDS.sleep(100);
            }
            client.expect(421, "4.4.2");
            nothingIsLeft(listener, before);
        }
    }

    @Test
    @DisplayName("Patience begins anew with each command (RFC 5321 4.5.3.2.7)")
    void aClientThatSpeaksInTimeIsNotCutHoweverLongItsSession() throws Exception {
        ShiftedTime time = new ShiftedTime();
        try (Listener listener = later(time);
                SmtpClient client = SmtpClient.connect(listener.address())) {
            client.greet();
            for (int i = 0; i < 3; i++) {
                time.advance(Duration.ofSeconds(20));
                client.send("NOOP").expect(250);
            }
        }
    }

    @Test
    @Claim("NET-5")
    @DisplayName("A client waits minutes for the answer to its message, and so do we")
    void howLongTheStoreTakesIsNotTheClientsFault() throws Exception {
        int before = office.count(Office.BERT);
        ShiftedTime time = new ShiftedTime();
        office.spoil =
                answers -> {
                    time.advance(Duration.ofSeconds(55));
                    watched();
                    return answers;
                };
        try (Listener listener = later(time);
                SmtpClient client = SmtpClient.connect(listener.address())) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<bert@example.test>").expect(250).send("DATA").expect(354);
            client.raw("Subject: x\r\n\r\n");
            Soon.until(() -> office.spool.memoryInUse() > 0);
            time.advance(Duration.ofSeconds(25));
            client.raw("x\r\n.\r\n").expect(250, "2.0.0");
        } finally {
            office.spoil = UnaryOperator.identity();
        }
        assertThat(office.count(Office.BERT)).isEqualTo(before + 1);
    }

    private static Listener later(ShiftedTime time) throws IOException {
        return office.listen(
                SmtpService.MX, Office.limits(), office.spool, NetLimits.standard(), time);
    }

    /** The listener looks for connections to be cut twice a second. */
    private static void watched() {
        try {
            TimeUnit.MILLISECONDS.sleep(1_200);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
