package io.mailkeep.claims;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.testing.client.Dialogue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.function.Supplier;

/**
 * NET-1: connects like any client, in clear and with old TLS, and tries to get in with the right
 * password: what is refused is the missing TLS, not the password. That password is worth nothing
 * afterwards, and never left the machine.
 *
 * <p>LMTP isn't asked to speak TLS: nobody signs in there, and what is sent leaves no machine,
 * since it listens on 127.0.0.1 alone. That it does is looked at instead.
 */
final class Net1 implements Probe {
    private static final int ALERT_RECORD = 21;

    private final Services services;
    private final Supplier<ProbeAccount> accounts;
    private final Randomness randomness;

    Net1(Target target) {
        this(target.services(), () -> ProbeAccount.of(target), target.randomness());
    }

    Net1(Services services, Supplier<ProbeAccount> accounts, Randomness randomness) {
        this.services = services;
        this.accounts = accounts;
        this.randomness = randomness;
    }

    @Override
    public ClaimId claim() {
        return ClaimId.NET_1;
    }

    @Override
    public String does() {
        return "connected to every mail service in clear, tried to sign in there with the right"
                + " password, then with TLS 1.1, 1.2 and 1.3, checking the certificate; looked for LMTP"
                + " beyond loopback";
    }

    @Override
    public Sighting look() throws IOException {
        Sighting saw = new Sighting();
        ProbeAccount account = accounts.get();
        for (String service : List.of("smtp", "submission")) {
            attempt(service, saw, () -> clearSmtp(service, account, saw));
            attempt(service, saw, () -> afterStartTls(service, saw));
        }
        attempt("imap", saw, () -> clearImap(account, saw));
        attempt("imap", saw, () -> afterStartTls("imap", saw));
        for (String service : List.of("submissions", "imaps", "https")) {
            attempt(service, saw, () -> versions(service, saw));
        }
        attempt("lmtp", saw, () -> loopbackAlone(saw));
        // what was said in clear opens nothing any more
        var _ = accounts.get();
        return saw.notBuilt(
                "MTA-STS, DANE and TLS reporting between servers (outbound delivery), the web console");
    }

    /** A look at one service. */
    private interface Look {
        void at() throws IOException;
    }

    private static void attempt(String service, Sighting saw, Look look) {
        try {
            look.at();
        } catch (IOException broken) {
            saw.expect(false, service + " doesn't keep to the protocol or to TLS: " + broken);
        }
    }

    private Dialogue plain(String service) throws IOException {
        return Dialogue.plain(services.host(), services.port(service));
    }

    private void clearSmtp(String service, ProbeAccount account, Sighting saw) throws IOException {
        try (Dialogue smtp = plain(service)) {
            smtp.reply();
            List<String> offered = smtp.say("EHLO probe.invalid").reply();
            saw.expect(
                    offered.stream().anyMatch(line -> line.endsWith("STARTTLS")),
                    service + " offers STARTTLS");
            saw.expect(
                    offered.stream().noneMatch(line -> line.contains("AUTH")),
                    service + " offers no sign-in in clear");
            String refused = smtp.say("AUTH PLAIN " + account.plain()).reply().getLast();
            saw.expect(
                    refused.startsWith("5") && !refused.startsWith("535"),
                    service + " refuses AUTH in clear: " + refused);
            if (service.equals("submission")) {
                String mail = smtp.say("MAIL FROM:<a@b.example>").reply().getLast();
                saw.expect(mail.startsWith("5"), "submission refuses MAIL in clear: " + mail);
            }
            String ready = smtp.say("STARTTLS").reply().getLast();
            smtp.secure(services.trust(), "TLSv1.3");
            saw.expect(
                    ready.startsWith("220"),
                    service + " speaks " + smtp.tls().getProtocol() + " after STARTTLS");
        }
    }

    private void clearImap(ProbeAccount account, Sighting saw) throws IOException {
        try (Dialogue imap = plain("imap")) {
            imap.line();
            List<String> capability = imap.say("a CAPABILITY").linesTo("a ");
            saw.expect(
                    capability.getFirst().contains("LOGINDISABLED"),
                    "imap announces LOGINDISABLED before TLS");
            String login =
                    imap.say("b LOGIN " + account.address().text() + " " + account.password())
                            .linesTo("b ")
                            .getLast();
            saw.expect(turnedAway(login), "imap refuses LOGIN in clear: " + login);
            String sasl =
                    imap.say("c AUTHENTICATE PLAIN " + account.plain()).linesTo("c ").getLast();
            saw.expect(turnedAway(sasl), "imap refuses AUTHENTICATE in clear: " + sasl);
            imap.say("d STARTTLS").linesTo("d ");
            imap.secure(services.trust(), "TLSv1.3");
            saw.expect(true, "imap speaks " + imap.tls().getProtocol() + " after STARTTLS");
        }
    }

    /** Refused, and not because the password was looked at. */
    private static boolean turnedAway(String answer) {
        return answer.matches("\\w+ (NO|BAD) .*") && !answer.contains("AUTHENTICATIONFAILED");
    }

    private void loopbackAlone(Sighting saw) throws IOException {
        int port = services.port("lmtp");
        try (Dialogue lmtp = Dialogue.plain("127.0.0.1", port)) {
            lmtp.reply();
            List<String> offered = lmtp.say("LHLO probe.invalid").reply();
            saw.expect(
                    offered.stream().noneMatch(line -> line.contains("AUTH")),
                    "lmtp offers no sign-in");
        }
        List<String> others =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(address -> !address.isLoopbackAddress())
                        .map(InetAddress::getHostAddress)
                        .toList();
        saw.expect(
                others.stream().noneMatch(address -> greets(address, port)),
                "lmtp answers on none of " + others.size() + " addresses beyond loopback");
    }

    private static boolean greets(String address, int port) {
        try (Dialogue other = Dialogue.plain(address, port)) {
            return other.line().contains(" LMTP ");
        } catch (IOException nobody) {
            return false;
        }
    }

    private void afterStartTls(String service, Sighting saw) throws IOException {
        try (Dialogue dialogue = plain(service)) {
            dialogue.line();
            if (service.equals("imap")) {
                dialogue.say("a STARTTLS").linesTo("a ");
            } else {
                dialogue.say("EHLO probe.invalid").reply();
                dialogue.say("STARTTLS").reply();
            }
            saw.expect(
                    oldVersionRefused(dialogue),
                    service + " refuses a TLS 1.1 hello after STARTTLS");
        }
    }

    private void versions(String service, Sighting saw) throws IOException {
        try (Dialogue dialogue = plain(service)) {
            saw.expect(oldVersionRefused(dialogue), service + " refuses a TLS 1.1 hello");
        }
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (Dialogue dialogue = plain(service)) {
                dialogue.secure(services.trust(), version);
                saw.expect(
                        dialogue.tls().getProtocol().equals(version),
                        service + " speaks " + version);
            }
        }
    }

    /** Sends a TLS 1.1 ClientHello by hand (RFC 4346 7.4.1.2): this client's own TLS wouldn't. */
    private boolean oldVersionRefused(Dialogue dialogue) throws IOException {
        byte[] random = randomness.bytes(32);
        byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 2 + 4 + 2];
        byte[] head = {
            22, 3, 1, 0, (byte) (hello.length - 5), 1, 0, 0, (byte) (hello.length - 9), 3, 2
        };
        System.arraycopy(head, 0, hello, 0, head.length);
        System.arraycopy(random, 0, hello, head.length, random.length);
        int at = head.length + random.length;
        // no session id; TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA and TLS_RSA_WITH_AES_128_CBC_SHA; no
        // compression
        byte[] tail = {0, 0, 4, (byte) 0xc0, 0x09, 0, 0x2f, 1, 0};
        System.arraycopy(tail, 0, hello, at, tail.length);
        try {
            // an alert record; a ServerHello would be a handshake record, 22
            return dialogue.raw(hello).octets(1)[0] == ALERT_RECORD;
        } catch (java.io.EOFException | java.net.SocketException closed) {
            return true;
        }
    }
}
