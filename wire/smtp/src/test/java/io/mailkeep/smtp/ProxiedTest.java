package io.mailkeep.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.audit.Event;
import io.mailkeep.kernel.Claim;
import io.mailkeep.net.Listener;
import io.mailkeep.testing.client.SmtpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Behind a proxy, trace fields and the audit log name the client")
class ProxiedTest extends AtTheOffice {
    private static final byte[] OF_192_0_2_7 = {
        13,
        10,
        13,
        10,
        0,
        13,
        10,
        'Q',
        'U',
        'I',
        'T',
        10,
        0x21,
        0x11,
        0,
        12,
        (byte) 192,
        0,
        2,
        7,
        (byte) 198,
        51,
        100,
        1,
        21,
        21,
        0,
        25
    };

    @ParameterizedTest
    @EnumSource(
            value = SmtpService.class,
            names = {"MX", "LMTP"})
    @Claim({"ATK-12", "ATK-138", "OPS-5"})
    void theClientIsWhomTheProxyNames(SmtpService service) throws IOException {
        try (Listener listener = office.behindProxies(service);
                SmtpClient client = SmtpClient.connect(listener.address())) {
            client.raw(OF_192_0_2_7).expect(220).send(service.hello() + " client.example");
            client.expect(250).send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<c@elsewhere.example>").expect(550, "5.7.1 Relay");
            client.send("RCPT TO:<anna@example.test>").expect(250).send("DATA").expect(354);
            client.raw("Subject: x\r\n\r\nx\r\n.\r\n").expect(250);
        }
        assertThat(office.newest(Office.ANNA))
                .contains("Received: from client.example ([192.0.2.7])\r\n");
        assertThat(office.refused("relay denied").getLast().personal())
                .extracting(Event.Personal::value)
                .containsExactly("192.0.2.7");
    }

    @Test
    @Claim("OPS-5")
    @DisplayName("swaks writes the header and says STARTTLS behind it")
    void swaksIsTheProxy() throws Exception {
        assumeTrue(
                run("sh", "-c", "swaks --support | grep 'TLS supported'").status() == 0, "swaks");
        try (Listener listener = office.behindProxies(SmtpService.MX)) {
            Ran sent =
                    run(
                            "swaks",
                            "--server",
                            "127.0.0.1:" + listener.address().getPort(),
                            "--proxy-version",
                            "2",
                            "--proxy-family",
                            "AF_INET6",
                            "--proxy-source",
                            "2001:db8::7",
                            "--proxy-source-port",
                            "4711",
                            "--proxy-dest",
                            "2001:db8::1",
                            "--proxy-dest-port",
                            "25",
                            "--tls",
                            "--from",
                            "a@b.example",
                            "--to",
                            Office.ANNA);
            assertThat(sent.status()).as(sent.out()).isZero();
        }
        assertThat(office.newest(Office.ANNA)).contains("([IPv6:2001:db8:0:0:0:0:0:7])\r\n");
    }

    private record Ran(int status, String out) {}

    private static Ran run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }
}
