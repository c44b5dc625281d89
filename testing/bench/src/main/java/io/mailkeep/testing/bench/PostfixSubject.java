package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Debian's Postfix in front of a Dovecot, tuned for throughput: no delay while its queue fills,
 * LMTP connections kept, 20 at a time. Its processor time counts with Dovecot's.
 */
final class PostfixSubject implements Subject {
    /** What Debian's package brings. */
    static final Path PROGRAM = Path.of("/usr/sbin/postfix");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final int port;
    private final Process process;
    private final DovecotSubject store;

    private PostfixSubject(Path folder, int port, Process process, DovecotSubject store) {
        this.folder = folder;
        this.port = port;
        this.process = process;
        this.store = store;
    }

    /** Starts one before a Dovecot of its own, which it ends with itself; only root can. */
    static PostfixSubject start(Path folder, DovecotSubject store)
            throws IOException, InterruptedException {
        int port = Ports.freePair();
        for (String name : List.of("etc", "queue", "data")) {
            Files.createDirectory(folder.resolve(name));
        }
        Processes.run("chown", "postfix", folder.resolve("data").toString());
        int lmtp = store.lmtp().orElseThrow().getPort();
        Files.write(folder.resolve("etc/main.cf"), main(folder, lmtp));
        Files.write(folder.resolve("etc/master.cf"), master(port));
        Process process =
                new ProcessBuilder(
                                PROGRAM.toString(),
                                "-c",
                                folder.resolve("etc").toString(),
                                "start-fg")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        PostfixSubject started = new PostfixSubject(folder, port, process, store);
        started.awaitPort();
        return started;
    }

    private static List<String> main(Path folder, int lmtp) {
        String next = "lmtp:inet:127.0.0.1:" + lmtp;
        return List.of(
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
                "relay_domains = bench.example",
                "relay_transport = " + next,
                "local_recipient_maps =",
                "alias_maps =",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_relay_restrictions = permit_mynetworks, reject",
                "smtpd_peername_lookup = no",
                "smtpd_client_connection_count_limit = 0",
                "smtp_dns_support_level = disabled",
                "smtp_tls_security_level = none",
                "default_process_limit = 200",
                "in_flow_delay = 0",
                "lmtp_connection_cache_on_demand = yes",
                "lmtp_connection_cache_destinations = 127.0.0.1, [127.0.0.1]:" + lmtp,
                "lmtp_destination_concurrency_limit = 20",
                "lmtp_initial_destination_concurrency = 20");
    }

    private static List<String> master(int port) {
        return List.of(
                "127.0.0.1:" + port + " inet n - n - - smtpd",
                "postlog unix-dgram n - n - 1 postlogd",
                "pickup unix n - n 60 1 pickup",
                "cleanup unix n - n - 0 cleanup",
                "qmgr unix n - n 300 1 qmgr",
                "rewrite unix - - n - - trivial-rewrite",
                "proxymap unix - - n - - proxymap",
                "anvil unix - - n - 1 anvil",
                "scache unix - - n - 1 scache",
                "bounce unix - - n - 0 bounce",
                "defer unix - - n - 0 bounce",
                "trace unix - - n - 0 bounce",
                "lmtp unix - - n - - lmtp",
                "error unix - - n - - error",
                "retry unix - - n - - error");
    }

    private void awaitPort() throws IOException, InterruptedException {
        long begun = Time.system().nanos();
        while (true) {
            try (Socket there = new Socket()) {
                there.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException notYet) {
                if (Time.system().nanos() - begun > PATIENCE.toNanos()) {
                    close();
                    throw new IOException(
                            "Postfix doesn't listen: "
                                    + Files.readString(folder.resolve("said"))
                                    + Files.readString(folder.resolve("log")),
                            notYet);
                }
                Time.system().sleep(Duration.ofMillis(100));
            }
        }
    }

    @Override
    public String name() {
        return "Postfix → " + store.name();
    }

    @Override
    public Optional<InetSocketAddress> smtp() {
        return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public Optional<InetSocketAddress> lmtp() {
        return Optional.empty();
    }

    @Override
    public List<Mailbox> mailboxes(Mailbox.Use use) {
        return store.mailboxes(use);
    }

    @Override
    public ImapClient session(Mailbox mailbox) throws IOException {
        return store.session(mailbox);
    }

    @Override
    public List<ProcessHandle> roots() {
        return List.of(process.toHandle(), store.roots().getFirst());
    }

    @Override
    public void close() {
        try {
            Processes.run(PROGRAM.toString(), "-c", folder.resolve("etc").toString(), "stop");
        } catch (IOException notRunning) {
            process.destroy();
        } catch (InterruptedException hurry) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
        store.close();
    }
}
