package io.mailkeep.imap;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Debian's Dovecot on a loopback port, without rights, in a folder of its own. */
final class Dovecot implements AutoCloseable {
    private static final Path BINARY = Path.of("/usr/sbin/dovecot");

    private final Path folder;
    private final Process process;
    private final int port;

    /** Whether it is on this machine. */
    static boolean installed() {
        return Files.isExecutable(BINARY) && Files.exists(Path.of("/usr/lib/dovecot/imap"));
    }

    Dovecot() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("mailkeep-dovecot");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        boolean root = "root".equals(System.getProperty("user.name"));
        String user = root ? "nobody" : System.getProperty("user.name");
        String group = command("id", "-gn", user).strip();
        Path config = folder.resolve("dovecot.conf");
        Files.writeString(config, config(user, group));
        if (root) {
            command("chown", "-R", "nobody:" + group, folder.toString());
        }
        List<String> start = new ArrayList<>();
        if (root) {
            start.addAll(
                    List.of("setpriv", "--reuid=nobody", "--regid=" + group, "--clear-groups"));
        }
        start.addAll(List.of(BINARY.toString(), "-F", "-c", config.toString()));
        process =
                new ProcessBuilder(start)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("out").toFile())
                        .start();
        awaitGreeting();
    }

    private String config(String user, String group) {
        return String.join(
                "\n",
                "base_dir = " + folder + "/run",
                "state_dir = " + folder + "/state",
                "log_path = " + folder + "/log",
                "protocols = imap",
                "listen = 127.0.0.1",
                "ssl = no",
                "disable_plaintext_auth = no",
                "default_internal_user = " + user,
                "default_internal_group = " + group,
                "default_login_user = " + user,
                "first_valid_uid = 1",
                "first_valid_gid = 1",
                "mail_location = maildir:" + folder + "/mail/%u:LAYOUT=fs",
                "namespace inbox {",
                "  inbox = yes",
                "  separator = /",
                "  mailbox Sent {\n special_use = \\Sent\n auto = create\n }",
                "  mailbox Trash {\n special_use = \\Trash\n auto = create\n }",
                "  mailbox Junk {\n special_use = \\Junk\n auto = create\n }",
                "  mailbox Drafts {\n special_use = \\Drafts\n auto = create\n }",
                "  mailbox Archive {\n special_use = \\Archive\n auto = create\n }",
                "}",
                "passdb {",
                "  driver = static",
                "  args = password=secret",
                "}",
                "userdb {",
                "  driver = static",
                "  args = uid=" + user + " gid=" + group + " home=" + folder + "/home/%u",
                "}",
                "service imap-login {",
                "  chroot =",
                "  inet_listener imap {\n port = " + port + "\n }",
                "  inet_listener imaps {\n port = 0\n }",
                "}",
                "service anvil {\n chroot =\n }",
                "service stats {\n chroot =\n }",
                "");
    }

    private static String command(String... words) throws IOException, InterruptedException {
        Process run = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (run.waitFor() != 0) {
            throw new IOException(String.join(" ", words) + ": " + output);
        }
        return output;
    }

    private void awaitGreeting() throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try (ImapClient client = ImapClient.plain("localhost", port)) {
                client.run("LOGOUT");
                return;
            } catch (IOException notYet) {
                if (attempt > 200 || !process.isAlive()) {
                    String said = Files.readString(folder.resolve("out"));
                    close();
                    throw new IOException("Dovecot doesn't start: " + said, notYet);
                }
                Time.system().sleep(Duration.ofMillis(50));
            }
        }
    }

    /** A connection signed in as a fresh user. */
    ImapClient signedIn(String user) throws IOException {
        ImapClient client = ImapClient.plain("localhost", port);
        ImapClient.Answer answer = client.run("LOGIN " + user + " secret");
        if (!answer.isOk()) {
            throw new AssertionError(answer.text());
        }
        return client;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
