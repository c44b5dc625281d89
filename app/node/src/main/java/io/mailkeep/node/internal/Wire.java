package io.mailkeep.node.internal;

import io.mailkeep.imap.ImapLimits;
import io.mailkeep.imap.ImapRooms;
import io.mailkeep.imap.ImapServer;
import io.mailkeep.net.Certificates;
import io.mailkeep.net.Guard;
import io.mailkeep.net.Listener;
import io.mailkeep.net.ListenerSettings;
import io.mailkeep.net.NetLimits;
import io.mailkeep.net.Session;
import io.mailkeep.net.Tls;
import io.mailkeep.smtp.Answers;
import io.mailkeep.smtp.Smtp;
import io.mailkeep.smtp.SmtpLimits;
import io.mailkeep.smtp.SmtpService;
import io.mailkeep.transport.Collaborators;
import io.mailkeep.transport.Intake;
import io.mailkeep.transport.IntakeLimits;
import io.mailkeep.transport.ModulePass;
import io.mailkeep.transport.Notice;
import io.mailkeep.transport.SubmissionSignIn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Everything that listens for mail clients, on its ports, with one certificate. */
final class Wire implements AutoCloseable {
    private final Closing closing = new Closing();
    private final Configuration configuration;
    private final Certificates certificates;
    private final Guard guard;
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final Map<String, Answers> answers = new LinkedHashMap<>();

    Wire(Configuration configuration, Rooms rooms) throws IOException {
        this.configuration = configuration;
        this.guard = new Guard(rooms.time, new Alarms(rooms.trail));
        this.certificates =
                configuration.certificate().isPresent()
                        ? Certificates.given(
                                configuration.certificate().get(),
                                configuration.certificateKey().orElseThrow(),
                                rooms.clock)
                        : Certificates.own(
                                tlsFolder(),
                                configuration.host(),
                                Identities.authority(rooms.keys.device()),
                                rooms.clock,
                                rooms.randomness);
        try {
            open(rooms);
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void open(Rooms rooms) throws IOException {
        Tls tls = new Tls(certificates);
        ModulePass pass = rooms.pass("smtp");
        Intake intake =
                new Intake(
                        Collaborators.of(
                                pass,
                                rooms.authority,
                                rooms.directory,
                                rooms.mailboxes.dropbox(),
                                rooms.trail,
                                rooms.auditLog::backlogGate),
                        rooms.spool,
                        configuration.host(),
                        intakeLimits(),
                        rooms.time,
                        rooms.randomness);
        rooms.signIn.tellOwners(new GuessNotices(new Notice(intake)));
        SubmissionSignIn passwords =
                new SubmissionSignIn(rooms.signIn, rooms.authority, pass, rooms.time);
        for (SmtpService service : SmtpService.values()) {
            Setting port =
                    switch (service) {
                        case MX -> Setting.PORT_SMTP;
                        case SUBMISSION -> Setting.PORT_SUBMISSION;
                        case SUBMISSIONS -> Setting.PORT_SUBMISSIONS;
                        case LMTP -> Setting.PORT_LMTP;
                    };
            Smtp smtp = new Smtp(service, intake, passwords, SmtpLimits.standard(), rooms.time);
            answers.put(name(port), smtp.answers());
            listen(port, service.implicitTls(), Smtp.BUSY, tls, smtp, rooms);
        }
        ImapServer imap =
                closing.add(
                        new ImapServer(
                                new ImapRooms(
                                        rooms.mailboxes,
                                        rooms.signIn,
                                        rooms.authority,
                                        rooms.tickets.of("imap"),
                                        rooms.tickets.process(),
                                        rooms.spool,
                                        rooms.trail,
                                        rooms.time,
                                        rooms.randomness),
                                imapLimits()));
        listen(Setting.PORT_IMAP, false, ImapServer.BUSY, tls, imap, rooms);
        listen(Setting.PORT_IMAPS, true, ImapServer.BUSY, tls, imap, rooms);
    }

    private IntakeLimits intakeLimits() {
        IntakeLimits standard = IntakeLimits.standard();
        return new IntakeLimits(
                configuration.messageBytes(),
                configuration.recipients(),
                standard.headerOctets(),
                standard.receivedFields());
    }

    private ImapLimits imapLimits() {
        return ImapLimits.standard()
                .with(configuration.messageBytes(), configuration.connectionsPerAccount());
    }

    private void listen(
            Setting port, boolean implicit, String busy, Tls tls, Session session, Rooms rooms)
            throws IOException {
        String name = name(port);
        NetLimits standard = NetLimits.standard();
        NetLimits limits =
                new NetLimits(
                        configuration.connections(),
                        configuration.connectionsPerAddress(),
                        standard.backlog(),
                        standard.handshake(),
                        standard.writeStall(),
                        java.time.Duration.ofSeconds(2));
        // never beyond this machine, wherever else we listen (RFC 2033 5): so no TLS, either
        boolean local = port == Setting.PORT_LMTP;
        String host = local ? "127.0.0.1" : configuration.listen();
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getByName(host), configuration.port(port));
        try {
            listeners.put(
                    name,
                    closing.add(
                            Listener.open(
                                    new ListenerSettings(
                                            name, address, implicit, busy, configuration.proxies()),
                                    local ? Optional.empty() : Optional.of(tls),
                                    limits,
                                    guard,
                                    rooms.time,
                                    rooms.randomness,
                                    session)));
        } catch (java.net.BindException taken) {
            throw ConfigurationException.portTaken(
                    address.getPort(), port, host, String.valueOf(taken.getMessage()));
        }
    }

    private static String name(Setting port) {
        return port.key().substring("ports.".length());
    }

    private Path tlsFolder() {
        return configuration.directory().resolve("tls");
    }

    /** PEM file of the certificate chain. */
    Path chainFile() {
        return configuration.certificate().orElseGet(() -> tlsFolder().resolve("server.pem"));
    }

    /** PEM file of the private key. */
    Path keyFile() {
        return configuration.certificateKey().orElseGet(() -> tlsFolder().resolve("server.pem"));
    }

    /** SHA-256 of the server's public key, base64. */
    String pin() {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(certificates.server().getPublicKey().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the certificate shown now isn't valid yet. */
    boolean isCertificateEarly() {
        return certificates.isEarly();
    }

    /** Renews the certificate if that is due; whether another one is shown now. */
    boolean refreshCertificate() throws IOException {
        return certificates.refresh();
    }

    /** The listeners by service. */
    Map<String, Listener> listeners() {
        return Map.copyOf(listeners);
    }

    /** What the SMTP services answered, by listener. */
    Map<String, Answers> answers() {
        return Map.copyOf(answers);
    }

    /** What status shows. */
    Map<String, Object> shown() {
        Map<String, Object> shown = new LinkedHashMap<>();
        listeners.forEach((name, listener) -> {
            var status = listener.status();
            shown.put(
                    name,
                    listener.address().getAddress().getHostAddress()
                            + ":"
                            + listener.address().getPort()
                            + ", "
                            + status.open()
                            + " open, "
                            + status.accepted()
                            + " so far, "
                            + status.refused()
                            + " refused");
        });
        shown.put("certificate until", certificates.server().getNotAfter().toInstant().toString());
        return shown;
    }

    @Override
    public void close() {
        closing.close();
    }
}
