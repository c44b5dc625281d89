package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.Ports;
import io.mailkeep.testing.client.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Debian's Dovecot: mail by LMTP, read by IMAP over TLS, kept as durably as it comes ({@code
 * mail_fsync = optimized} syncs what LMTP and APPEND answer for), many processes of each service.
 */
final class DovecotSubject implements MailStore {
    /** What Debian's packages dovecot-imapd and dovecot-lmtpd bring. */
    static final List<Path> PROGRAMS =
            List.of(
                    Path.of("/usr/sbin/dovecot"),
                    Path.of("/usr/lib/dovecot/imap"),
                    Path.of("/usr/lib/dovecot/lmtp"));

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(10);

    /** How it keeps mail. */
    enum Store {
        MAILDIR("maildir", "Maildir"),
        MDBOX("mdbox", "mdbox");

        private final String driver;
        private final String label;

        Store(String driver, String label) {
            this.driver = driver;
            this.label = label;
        }
    }

    private final Path folder;
    private final Store store;
    private final boolean encrypted;
    private final int imaps = Ports.freePair();
    private final int lmtp = imaps + 1;
    private Optional<Process> process = Optional.empty();
    private int others;

    /** One in an empty folder that every user may enter, not started yet. */
    DovecotSubject(Path folder, Store store, boolean encrypted)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.store = store;
        this.encrypted = encrypted;
        certificate(folder);
        if (encrypted) {
            keys(folder);
        }
        String group = Processes.run("id", "-gn", user()).strip();
        List<String> lines = new ArrayList<>(common(folder, store, user(), group));
        lines.addAll(services(imaps, lmtp));
        lines.addAll(encrypted ? encryption(folder) : List.of());
        Files.write(configuration(), lines);
        if (isRoot()) {
            Processes.run("chown", "-R", user() + ":" + group, folder.toString());
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** As the owner of everything, without rights: it needs none on these ports. */
    private static String user() {
        return isRoot() ? "nobody" : System.getProperty("user.name");
    }

    private Path configuration() {
        return folder.resolve("dovecot.conf");
    }

    @Override
    public void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            String group = Processes.run("id", "-gn", user()).strip();
            command.addAll(
                    List.of("setpriv", "--reuid=" + user(), "--regid=" + group, "--clear-groups"));
        }
        String program = PROGRAMS.getFirst().toString();
        command.addAll(List.of(program, "-F", "-c", configuration().toString()));
        Process started =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        process = Optional.of(started);
        awaitGreeting(started);
    }

    @Override
    public void stop() {
        process.ifPresent(Processes::stop);
        process = Optional.empty();
    }

    @Override
    public MailStore another() throws IOException, InterruptedException {
        Path own = Folders.in(folder, "another" + others++);
        return new DovecotSubject(own, store, encrypted);
    }

    private static void certificate(Path folder) throws IOException, InterruptedException {
        Processes.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                folder.resolve("tls.key").toString(),
                "-out",
                folder.resolve("tls.pem").toString());
    }

    private static void keys(Path folder) throws IOException, InterruptedException {
        String secret = folder.resolve("mail.key").toString();
        Processes.run(
                "openssl",
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-out",
                secret);
        String open = folder.resolve("mail.pub").toString();
        Processes.run("openssl", "pkey", "-in", secret, "-pubout", "-out", open);
    }

    private static List<String> common(Path folder, Store store, String user, String group) {
        return List.of(
                "base_dir = " + folder + "/run",
                "state_dir = " + folder + "/state",
                "log_path = " + folder + "/log",
                "protocols = imap lmtp",
                "listen = 127.0.0.1",
                "ssl = required",
                "ssl_cert = <" + folder + "/tls.pem",
                "ssl_key = <" + folder + "/tls.key",
                "default_internal_user = " + user,
                "default_internal_group = " + group,
                "default_login_user = " + user,
                "first_valid_uid = 1",
                "first_valid_gid = 1",
                "mail_location = " + store.driver + ":" + folder + "/mail/%u",
                "mail_fsync = optimized",
                "mail_max_userip_connections = 10000",
                "default_client_limit = 20000",
                "default_vsz_limit = 4G",
                "namespace inbox {",
                "  inbox = yes",
                "}",
                "passdb {",
                "  driver = static",
                "  args = nopassword=y",
                "}",
                "userdb {",
                "  driver = static",
                "  args = uid="
                        + user
                        + " gid="
                        + group
                        + " home="
                        + folder
                        + "/home/%u allow_all_users=yes",
                "}");
    }

    private static List<String> services(int imaps, int lmtp) {
        return List.of(
                "service imap-login {",
                "  chroot =",
                "  process_min_avail = 2",
                "  service_count = 0",
                "  inet_listener imap {\n port = 0\n }",
                "  inet_listener imaps {\n port = " + imaps + "\n ssl = yes\n }",
                "}",
                "service imap {\n process_limit = 8192\n process_min_avail = 8\n }",
                "service lmtp {",
                "  process_min_avail = 20",
                "  inet_listener lmtp {\n address = 127.0.0.1\n port = " + lmtp + "\n }",
                "}",
                "service anvil {\n chroot =\n }",
                "service stats {\n chroot =\n }");
    }

    private static List<String> encryption(Path folder) {
        return List.of(
                "mail_plugins = $mail_plugins mail_crypt",
                "plugin {",
                "  mail_crypt_global_private_key = <" + folder + "/mail.key",
                "  mail_crypt_global_public_key = <" + folder + "/mail.pub",
                "  mail_crypt_save_version = 2",
                "}");
    }

    private void awaitGreeting(Process started) throws IOException, InterruptedException {
        long begun = Time.system().nanos();
        while (true) {
            try {
                connect().close();
                return;
            } catch (IOException notYet) {
                if (!started.isAlive() || Time.system().nanos() - begun > PATIENCE.toNanos()) {
                    close();
                    Path log = folder.resolve("log");
                    throw new IOException(
                            name()
                                    + " doesn't start: "
                                    + Files.readString(folder.resolve("said"))
                                    + (Files.exists(log) ? Files.readString(log) : ""),
                            notYet);
                }
                Time.system().sleep(LOOK);
            }
        }
    }

    @Override
    public Disk disk() throws IOException, InterruptedException {
        Path mail = folder.resolve("mail");
        long all = Files.exists(mail) ? Processes.disk(mail, "") : 0;
        long bodies = Files.exists(mail) ? Processes.disk(mail, "dovecot*") : 0;
        return new Disk(bodies, all - bodies);
    }

    @Override
    public void forgetReaders(Mailbox mailbox) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("mail").resolve(mailbox.address()))) {
            for (Path one : all.filter(it -> it.endsWith("dovecot.index.cache")).toList()) {
                Files.delete(one);
            }
        }
    }

    @Override
    public String name() {
        return "Dovecot " + store.label + (encrypted ? ", mail_crypt" : "");
    }

    @Override
    public Optional<InetSocketAddress> smtp() {
        return Optional.empty();
    }

    @Override
    public Optional<InetSocketAddress> lmtp() {
        return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), lmtp));
    }

    /** Everybody has one, with any password. */
    @Override
    public List<Mailbox> mailboxes(Mailbox.Use use) {
        return use.mailboxes();
    }

    private ImapClient connect() throws IOException {
        return ImapClient.tls("localhost", imaps, Trust.in(folder.resolve("tls.pem")));
    }

    @Override
    public ImapClient session(Mailbox mailbox) throws IOException {
        return SignIn.of(connect(), mailbox);
    }

    @Override
    public List<ProcessHandle> roots() {
        return process.stream().map(Process::toHandle).toList();
    }

    @Override
    public void close() {
        stop();
    }
}
