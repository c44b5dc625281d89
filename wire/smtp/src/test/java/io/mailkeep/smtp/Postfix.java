package io.mailkeep.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Debian's Postfix as a peer: an instance of the test's own on a loopback port, with configuration,
 * queue and log in the test's folder. It relays what it takes to one server.
 */
final class Postfix implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/postfix");
    private static final int PATIENCE_TENTHS = 600;

    private final Path folder;
    private final int port;

    private Postfix(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** It is installed, and may be started. */
    static boolean there() {
        return Files.isExecutable(PROGRAM) && "root".equals(System.getProperty("user.name"));
    }

    /**
     * Starts one.
     *
     * @param bareNewline what it does with LF alone ({@code smtpd_forbid_bare_newline}): {@code no}
     *     takes it for a line end, {@code normalize} for none
     * @param transport where everything goes, such as {@code discard:}, {@code smtp:[127.0.0.1]:25}
     *     or {@code lmtp:inet:127.0.0.1:24}
     */
    static Postfix start(Path parent, String bareNewline, String transport) throws Exception {
        // Its processes run as another user, who has to reach the folder.
        Path folder =
                Files.createTempDirectory(
                        parent,
                        "postfix",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Postfix postfix = new Postfix(folder, freePort());
        for (String name : List.of("etc", "queue", "data")) {
            Files.createDirectory(folder.resolve(name));
        }
        postfix.run("chown", "postfix", folder.resolve("data").toString());
        Files.writeString(folder.resolve("etc/main.cf"), postfix.main(bareNewline, transport));
        Files.writeString(folder.resolve("etc/master.cf"), postfix.master());
        postfix.control("start");
        postfix.awaitPort();
        return postfix;
    }

    private String main(String bareNewline, String transport) {
        return String.join(
                "\n",
                "compatibility_level = 3.6",
                "queue_directory = " + folder.resolve("queue"),
                "data_directory = " + folder.resolve("data"),
                "command_directory = /usr/sbin",
                "daemon_directory = /usr/lib/postfix/sbin",
                "mail_owner = postfix",
                "setgid_group = postdrop",
                "maillog_file = " + folder.resolve("log"),
                "maillog_file_prefixes = " + folder,
                "myhostname = peer.example",
                "mydestination =",
                "local_recipient_maps =",
                "alias_maps =",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_relay_restrictions = permit_mynetworks, reject",
                "smtpd_forbid_bare_newline = " + bareNewline,
                "smtpd_forbid_bare_newline_exclusions =",
                "smtpd_peername_lookup = no",
                "smtp_dns_support_level = disabled",
                "smtp_tls_security_level = none",
                "smtputf8_enable = no",
                "default_transport = " + transport,
                "relay_transport = " + transport,
                "");
    }

    private String master() {
        return String.join(
                "\n",
                "127.0.0.1:" + port + " inet n - n - - smtpd",
                "postlog unix-dgram n - n - 1 postlogd",
                "pickup unix n - n 60 1 pickup",
                "cleanup unix n - n - 0 cleanup",
                "qmgr unix n - n 300 1 qmgr",
                "rewrite unix - - n - - trivial-rewrite",
                "proxymap unix - - n - - proxymap",
                "anvil unix - - n - 1 anvil",
                "bounce unix - - n - 0 bounce",
                "defer unix - - n - 0 bounce",
                "trace unix - - n - 0 bounce",
                "smtp unix - - n - - smtp",
                "lmtp unix - - n - - lmtp",
                "discard unix - - n - - discard",
                "error unix - - n - - error",
                "retry unix - - n - - error",
                "");
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Waits until its log says this. */
    void awaitLog(String words) throws IOException, InterruptedException {
        for (int tenths = 0; tenths < PATIENCE_TENTHS; tenths++) {
            if (log().contains(words)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("it doesn't say " + words + ":\n" + log());
    }

    /** Tries everything anew that waits in its queue. */
    void flush() throws IOException, InterruptedException {
        control("flush");
    }

    /** Waits until it is done with this many messages since it started, and sees no more. */
    void awaitDone(long messages) throws IOException, InterruptedException {
        for (int tenths = 0; tenths < PATIENCE_TENTHS; tenths++) {
            long done =
                    Pattern.compile("qmgr\\[[0-9]+\\]: [0-9A-F]+: removed")
                            .matcher(log())
                            .results()
                            .count();
            if (done >= messages) {
                assertThat(done).as(log()).isEqualTo(messages);
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("its queue doesn't empty:\n" + log());
    }

    /** What it says it did. */
    String log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private void awaitPort() throws Exception {
        for (int tenths = 0; tenths < PATIENCE_TENTHS; tenths++) {
            try (Socket there = new Socket()) {
                there.connect(address(), 1_000);
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new AssertionError("Postfix doesn't listen:\n" + log());
    }

    private void control(String verb) throws IOException, InterruptedException {
        run(PROGRAM.toString(), "-c", folder.resolve("etc").toString(), verb);
    }

    /** To a file and not to a pipe: its processes inherit that and live on. */
    private void run(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + "\n" + Files.readString(output, UTF_8) + log())
                .isZero();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            control("stop");
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
