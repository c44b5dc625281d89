package io.mailkeep.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.message.EmailAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that let people in without TLS, or speak that of RFC 4346, are each named. */
@Claim({"NET-1"})
class Net1Test {
    private static final byte[] OLD_SERVER_HELLO = {22, 3, 2, 0, 2, 2, 0};
    private static final byte[] ALERT = {21, 3, 3, 0, 2, 2, 70};

    @TempDir Path folder;

    private ServerSocket smtp;
    private ServerSocket imap;
    private ServerSocket tls;
    private ServerSocket lmtp;
    private Path authority;

    /** What the services answer to a line; changed by each test. */
    private volatile UnaryOperator<String> answers = line -> "500 what?";

    private volatile byte[] afterHello = ALERT;

    @BeforeEach
    void listen() throws IOException {
        authority = Files.writeString(folder.resolve("ca.pem"), "none: nothing here gets that far");
        smtp = serve("220 here\r\n");
        imap = serve("* OK here\r\n");
        tls = serve("");
        lmtp = serve("220 here LMTP server\r\n");
    }

    @AfterEach
    void close() throws IOException {
        smtp.close();
        imap.close();
        tls.close();
        lmtp.close();
    }

    private ServerSocket serve(String greeting) throws IOException {
        return serve(greeting, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    private ServerSocket serve(String greeting, ServerSocket server) {
        Thread.ofVirtual()
                .start(() -> {
                    while (!server.isClosed()) {
                        try (Socket client = server.accept()) {
                            talk(client, greeting);
                        } catch (IOException gone) {
                            // the next one, or the end
                        }
                    }
                });
        return server;
    }

    private void talk(Socket client, String greeting) throws IOException {
        client.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                client.getInputStream(), StandardCharsets.ISO_8859_1));
        while (true) {
            lines.mark(8);
            int first = lines.read();
            if (first < 0) {
                return;
            }
            if (first == 22) {
                client.getOutputStream().write(afterHello);
                return;
            }
            lines.reset();
            String line = lines.readLine();
            client.getOutputStream()
                    .write((answers.apply(line) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private Sighting look() throws IOException {
        Services services =
                new Services(
                        "127.0.0.1",
                        Map.of(
                                "smtp", smtp.getLocalPort(),
                                "submission", smtp.getLocalPort(),
                                "imap", imap.getLocalPort(),
                                "submissions", tls.getLocalPort(),
                                "imaps", tls.getLocalPort(),
                                "https", tls.getLocalPort(),
                                "lmtp", lmtp.getLocalPort()),
                        authority);
        ProbeAccount account =
                new ProbeAccount(
                        EmailAddress.parse("probe@claims-probe.invalid").orElseThrow(), "secret");
        Sighting saw = new Net1(services, () -> account, Randomness.system()).look();
        assertThat(saw.state()).isEqualTo(Verdict.State.FAILED);
        return saw;
    }

    /** The start of what a service says that keeps to the rules, by the start of a line. */
    private static String strict(String line) {
        return switch (line.split(" ", -1)[0]) {
            case "EHLO" -> "250-here\r\n250 STARTTLS";
            case "LHLO" -> "250-here\r\n250 PIPELINING";
            case "AUTH" -> "538 5.7.11 TLS first";
            case "MAIL" -> "530 5.7.0 TLS first";
            case "STARTTLS" -> "220 go";
            case "a" ->
                    line.endsWith("CAPABILITY")
                            ? "* CAPABILITY IMAP4rev2 LOGINDISABLED\r\na OK"
                            : "a OK go";
            case "d" -> "d OK go";
            default -> line.charAt(0) + " NO [PRIVACYREQUIRED] TLS first";
        };
    }

    @Test
    void strictServicesAreContradictedOnlyWhereTlsFails() throws IOException {
        answers = Net1Test::strict;
        String words = look().words();
        for (String proof :
                List.of(
                        "smtp offers STARTTLS",
                        "submission refuses AUTH in clear",
                        "imap refuses LOGIN in clear",
                        "imap refuses a TLS 1.1 hello after STARTTLS",
                        "https refuses a TLS 1.1 hello",
                        "lmtp offers no sign-in",
                        "lmtp answers on none of")) {
            assertThat(words).contains(proof).doesNotContain("NOT SO: " + proof);
        }
        assertThat(words).contains("NOT SO: imaps doesn't keep to the protocol or to TLS");
    }

    @Test
    void signInInClearIsNamed() throws IOException {
        answers =
                line ->
                        switch (line.split(" ", -1)[0]) {
                            case "EHLO", "LHLO" -> "250-here\r\n250 AUTH PLAIN";
                            case "AUTH" -> "235 2.7.0 welcome";
                            case "MAIL" -> "250 2.1.0 fine";
                            case "a" -> "* CAPABILITY IMAP4rev2\r\na OK";
                            case "b", "c" -> line.charAt(0) + " OK welcome";
                            default -> strict(line);
                        };
        assertThat(look().words())
                .contains(
                        "NOT SO: submission offers STARTTLS",
                        "NOT SO: submission offers no sign-in in clear",
                        "NOT SO: submission refuses AUTH in clear: 235",
                        "NOT SO: submission refuses MAIL in clear: 250",
                        "NOT SO: lmtp offers no sign-in",
                        "NOT SO: imap announces LOGINDISABLED before TLS",
                        "NOT SO: imap refuses LOGIN in clear: b OK",
                        "NOT SO: imap refuses AUTHENTICATE in clear: c OK");
    }

    @Test
    void lookingAtThePasswordInClearIsNoRefusalOfTheClear() throws IOException {
        answers =
                line ->
                        switch (line.split(" ", -1)[0]) {
                            case "AUTH" -> "535 5.7.8 wrong password";
                            case "b", "c" -> line.charAt(0) + " NO [AUTHENTICATIONFAILED] wrong";
                            default -> strict(line);
                        };
        assertThat(look().words())
                .contains(
                        "NOT SO: smtp refuses AUTH in clear: 535",
                        "NOT SO: imap refuses LOGIN in clear",
                        "NOT SO: imap refuses AUTHENTICATE in clear");
    }

    @Test
    void lmtpBeyondLoopbackIsNamed() throws IOException {
        assumeTrue(
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .anyMatch(address -> !address.isLoopbackAddress()),
                "this machine has no address beyond loopback");
        answers = Net1Test::strict;
        lmtp.close();
        lmtp = serve("220 here LMTP server\r\n", new ServerSocket(0));
        assertThat(look().words()).contains("NOT SO: lmtp answers on none of");
    }

    @Test
    void anOldTlsIsNamedOnEveryService() throws IOException {
        answers = Net1Test::strict;
        afterHello = OLD_SERVER_HELLO;
        assertThat(look().words())
                .contains(
                        "NOT SO: smtp refuses a TLS 1.1 hello after STARTTLS",
                        "NOT SO: submission refuses a TLS 1.1 hello after STARTTLS",
                        "NOT SO: imap refuses a TLS 1.1 hello after STARTTLS",
                        "NOT SO: submissions refuses a TLS 1.1 hello",
                        "NOT SO: imaps refuses a TLS 1.1 hello",
                        "NOT SO: https refuses a TLS 1.1 hello");
    }
}
