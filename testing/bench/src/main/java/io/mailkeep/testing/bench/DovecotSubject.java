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
import java.util.stream.IntStream;

/**
 * Debian's Dovecot: mail by LMTP, read by IMAP over TLS, kept as durably as it comes ({@code
 * mail_fsync = optimized} syncs what LMTP and APPEND answer for), many processes of each service.
 */
final class DovecotSubject implements Subject {
    private static final Path PROGRAM = Path.of("/usr/sbin/dovecot");
    private static final String PASSWORD = "secret";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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

    private final String name;
    private final Path folder;
    private final int imaps;
    private final int lmtp;
    private final Process process;
    private final List<Mailbox> mailboxes;

    private DovecotSubject(
            String name, Path folder, int imaps, int lmtp, Process process, int mailboxes) {
        this.name = name;
        this.folder = folder;
        this.imaps = imaps;
        this.lmtp = lmtp;
        this.process = process;
        this.mailboxes =
                IntStream.range(0, mailboxes)
                        .mapToObj(i -> new Mailbox("user" + i + "@bench.example", PASSWORD))
                        .toList();
    }

    /** Starts one on an empty folder that every user may enter. */
    static DovecotSubject start(Path folder, Store store, boolean encrypted, int mailboxes)
            throws IOException, InterruptedException {
        String name = "Dovecot " + store.label + (encrypted ? ", mail_crypt" : "");
        int imaps = Ports.freePair();
        certificate(folder);
        if (encrypted) {
            keys(folder);
        }
        // as the owner of everything, without rights: it needs none on these ports
        boolean root = "root".equals(System.getProperty("user.name"));
        String user = root ? "nobody" : System.getProperty("user.name");
        String group = Processes.run("id", "-gn", user).strip();
        int lmtp = imaps + 1;
        Path configuration = folder.resolve("dovecot.conf");
        List<String> lines = new ArrayList<>(common(folder, store, user, group));
        lines.addAll(services(imaps, lmtp));
        lines.addAll(encrypted ? encryption(folder) : List.of());
        Files.write(configuration, lines);
        List<String> command = new ArrayList<>();
        if (root) {
            Processes.run("chown", "-R", user + ":" + group, folder.toString());
            command.addAll(
                    List.of("setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups"));
        }
        command.addAll(List.of(PROGRAM.toString(), "-F", "-c", configuration.toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        DovecotSubject started = new DovecotSubject(name, folder, imaps, lmtp, process, mailboxes);
        started.awaitGreeting();
        return started;
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
                "mail_max_userip_connections = 100",
                "namespace inbox {",
                "  inbox = yes",
                "}",
                "passdb {",
                "  driver = static",
                "  args = password=" + PASSWORD,
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
                "service imap {\n process_limit = 4096\n process_min_avail = 8\n }",
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

    private void awaitGreeting() throws IOException, InterruptedException {
        long begun = Time.system().nanos();
        while (true) {
            try (ImapClient session = session(mailboxes.getFirst())) {
                session.run("LOGOUT");
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || Time.system().nanos() - begun > PATIENCE.toNanos()) {
                    close();
                    Path log = folder.resolve("log");
                    throw new IOException(
                            name
                                    + " doesn't start: "
                                    + Files.readString(folder.resolve("said"))
                                    + (Files.exists(log) ? Files.readString(log) : ""),
                            notYet);
                }
                Time.system().sleep(Duration.ofMillis(100));
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<InetSocketAddress> smtp() {
        return Optional.empty();
    }

    @Override
    public Optional<InetSocketAddress> lmtp() {
        return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), lmtp));
    }

    @Override
    public List<Mailbox> mailboxes() {
        return mailboxes;
    }

    @Override
    public ImapClient session(Mailbox mailbox) throws IOException {
        Path authority = folder.resolve("tls.pem");
        return SignIn.of(ImapClient.tls("localhost", imaps, Trust.in(authority)), mailbox);
    }

    @Override
    public List<ProcessHandle> roots() {
        return List.of(process.toHandle());
    }

    @Override
    public void close() {
        Processes.stop(process);
    }
}
