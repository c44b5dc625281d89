package io.mailkeep.claims;

import io.mailkeep.testing.client.Dialogue;
import java.io.IOException;
import java.util.List;

/** NET-1: connects like any client, in clear and with old TLS, and tries to get in. */
final class Net1 implements Probe {
    private final Target target;

    Net1(Target target) {
        this.target = target;
    }

    @Override
    public ClaimId claim() {
        return ClaimId.NET_1;
    }

    @Override
    public String does() {
        return "connected to every mail service in clear, tried to sign in there, then with TLS"
                + " 1.1, 1.2 and 1.3, checking the"
                + " certificate";
    }

    @Override
    public Sighting look() throws IOException {
        Sighting saw = new Sighting();
        for (String service : List.of("smtp", "submission")) {
            clearSmtp(service, saw);
        }
        clearImap(saw);
        for (String service : List.of("submissions", "imaps", "https")) {
            versions(service, saw);
        }
        return saw.notBuilt(
                "MTA-STS, DANE and TLS reporting between servers (outbound delivery), the web console");
    }

    private void clearSmtp(String service, Sighting saw) throws IOException {
        try (Dialogue smtp = Dialogue.plain(target.host(), target.port(service))) {
            smtp.reply();
            List<String> offered = smtp.say("EHLO probe.invalid").reply();
            saw.expect(
                    offered.stream().anyMatch(line -> line.endsWith("STARTTLS")),
                    service + " offers STARTTLS");
            saw.expect(
                    offered.stream().noneMatch(line -> line.contains("AUTH")),
                    service + " offers no sign-in in clear");
            String refused = smtp.say("AUTH PLAIN AGEAYg==").reply().getLast();
            saw.expect(refused.startsWith("5"), service + " refuses AUTH in clear: " + refused);
            if (service.equals("submission")) {
                String mail = smtp.say("MAIL FROM:<a@b.example>").reply().getLast();
                saw.expect(mail.startsWith("5"), "submission refuses MAIL in clear: " + mail);
            }
            String ready = smtp.say("STARTTLS").reply().getLast();
            smtp.secure(target.authority(), List.of("TLSv1.3"));
            saw.expect(
                    ready.startsWith("220"),
                    service + " speaks " + smtp.protocol() + " after STARTTLS");
        }
    }

    private void clearImap(Sighting saw) throws IOException {
        try (Dialogue imap = Dialogue.plain(target.host(), target.port("imap"))) {
            imap.line();
            List<String> capability = imap.say("a CAPABILITY").linesTo("a ");
            saw.expect(
                    capability.getFirst().contains("LOGINDISABLED"),
                    "imap announces LOGINDISABLED before TLS");
            String login = imap.say("b LOGIN probe probe").linesTo("b ").getLast();
            saw.expect(
                    login.startsWith("b NO") || login.startsWith("b BAD"),
                    "imap refuses LOGIN in clear: " + login);
            imap.say("c STARTTLS").linesTo("c ");
            imap.secure(target.authority(), List.of("TLSv1.3"));
            saw.expect(true, "imap speaks " + imap.protocol() + " after STARTTLS");
        }
    }

    private void versions(String service, Sighting saw) throws IOException {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (Dialogue dialogue = Dialogue.plain(target.host(), target.port(service))) {
                dialogue.secure(target.authority(), List.of(version));
                saw.expect(dialogue.protocol().equals(version), service + " speaks " + version);
            }
        }
        saw.expect(oldVersionRefused(service), service + " refuses a TLS 1.1 hello");
    }

    /** Sends a TLS 1.1 ClientHello by hand (RFC 4346 7.4.1.2): this client's own TLS wouldn't. */
    private boolean oldVersionRefused(String service) throws IOException {
        byte[] random = target.randomness().bytes(32);
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
        try (Dialogue dialogue = Dialogue.plain(target.host(), target.port(service))) {
            byte[] answer = dialogue.raw(hello).bytes(1);
            // an alert record; a ServerHello would be a handshake record, 22
            return answer[0] == 21;
        } catch (java.io.EOFException | java.net.SocketException closed) {
            return true;
        }
    }
}
