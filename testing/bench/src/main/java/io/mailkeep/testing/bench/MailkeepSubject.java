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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mailkeep as {@code ./mailkeep up} starts it, with its defaults but for how many connections it
 * takes, which the peers are set to take as well.
 */
final class MailkeepSubject implements MailStore {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final String launcher;
    private final Path folder;
    private final int offset = Ports.freeOffset();
    private final Map<Mailbox.Use, List<Mailbox>> made = new EnumMap<>(Mailbox.Use.class);
    private Optional<Process> process = Optional.empty();
    private int others;

    /** One in an empty folder, not started yet. */
    MailkeepSubject(String launcher, Path folder) throws IOException {
        this.launcher = launcher;
        this.folder = folder;
        Files.createDirectory(data());
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(
                data().resolve("mailkeep.yaml"),
                """
                port-offset: %d
                keys:
                  a: %s/data-keys/a
                  b: %s/data-keys/b
                limits:
                  connections: 20000
                  connections-per-address: 20000
                  connections-per-account: 10000
                """
                        .formatted(offset, folder, folder));
    }

    private Path data() {
        return folder.resolve("data");
    }

    @Override
    public void start() throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Process started =
                new ProcessBuilder(launcher, "up", "--data", data().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        process = Optional.of(started);
        long begun = Time.system().nanos();
        while (!Files.readString(said).contains("Ctrl-C stops the node.")) {
            if (!started.isAlive() || Time.system().nanos() - begun > PATIENCE.toNanos()) {
                throw new IOException("the node didn't become ready: " + Files.readString(said));
            }
            Time.system().sleep(LOOK);
        }
        connect().close();
    }

    @Override
    public void stop() {
        process.ifPresent(Processes::stop);
        process = Optional.empty();
    }

    @Override
    public MailStore another() throws IOException {
        return new MailkeepSubject(launcher, Folders.in(folder, "another" + others++));
    }

    @Override
    public synchronized List<Mailbox> mailboxes(Mailbox.Use use)
            throws IOException, InterruptedException {
        if (made.isEmpty()) {
            command("company", "add", "Bench", "bench.example");
        }
        if (!made.containsKey(use)) {
            StringBuilder rows = new StringBuilder("address,password\n");
            for (Mailbox mailbox : use.mailboxes()) {
                rows.append(mailbox.address()).append(',').append(mailbox.password()).append('\n');
            }
            Path file = Files.writeString(folder.resolve("accounts.csv"), rows);
            command("account", "import", file.toString());
            made.put(use, use.mailboxes());
        }
        return use.mailboxes();
    }

    @Override
    public Disk disk() throws IOException, InterruptedException {
        return new Disk(
                Processes.disk(data().resolve("volumes"), ""),
                Processes.disk(data().resolve("postgres"), "pg_wal"));
    }

    /** Nothing to do: reading notes nothing. */
    @Override
    public void forgetReaders(Mailbox mailbox) {}

    private String command(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(words));
        command.addAll(List.of("--data", data().toString()));
        return Processes.run(command.toArray(String[]::new));
    }

    @Override
    public String name() {
        return "Mailkeep";
    }

    @Override
    public Optional<InetSocketAddress> smtp() {
        return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 25 + offset));
    }

    @Override
    public Optional<InetSocketAddress> lmtp() {
        return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 24 + offset));
    }

    private ImapClient connect() throws IOException {
        Path authority = data().resolve("tls/ca.pem");
        return ImapClient.tls("localhost", 993 + offset, Trust.in(authority));
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
