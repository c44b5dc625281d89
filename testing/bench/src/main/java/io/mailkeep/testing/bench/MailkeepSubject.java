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

/** Mailkeep as {@code ./mailkeep up} starts it, with its defaults. */
final class MailkeepSubject implements Subject {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String launcher;
    private final Path folder;
    private final int offset;
    private final Process process;
    private final List<Mailbox> mailboxes = new ArrayList<>();

    private MailkeepSubject(String launcher, Path folder, int offset, Process process) {
        this.launcher = launcher;
        this.folder = folder;
        this.offset = offset;
        this.process = process;
    }

    /** Starts one on an empty folder and makes its mailboxes. */
    static MailkeepSubject start(String launcher, Path folder, int mailboxes)
            throws IOException, InterruptedException {
        int offset = Ports.freeOffset();
        Path said = folder.resolve("said");
        Process process =
                new ProcessBuilder(
                                launcher,
                                "up",
                                "--data",
                                folder.resolve("data").toString(),
                                "--port-offset",
                                Integer.toString(offset))
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        MailkeepSubject started = new MailkeepSubject(launcher, folder, offset, process);
        try {
            started.awaitReady(said);
            started.command("company", "add", "Bench", "bench.example");
            started.makeMailboxes(mailboxes);
            return started;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            started.close();
            throw failed;
        }
    }

    private void awaitReady(Path said) throws IOException, InterruptedException {
        long begun = Time.system().nanos();
        while (!Files.readString(said).contains("Ctrl-C stops the node.")) {
            if (!process.isAlive() || Time.system().nanos() - begun > PATIENCE.toNanos()) {
                throw new IOException("the node didn't become ready: " + Files.readString(said));
            }
            Time.system().sleep(Duration.ofMillis(50));
        }
    }

    private void makeMailboxes(int count) throws IOException, InterruptedException {
        StringBuilder rows = new StringBuilder("address,password\n");
        for (int i = 0; i < count; i++) {
            Mailbox mailbox =
                    new Mailbox("user" + i + "@bench.example", "vague-hinge-" + (7_000 + i));
            mailboxes.add(mailbox);
            rows.append(mailbox.address()).append(',').append(mailbox.password()).append('\n');
        }
        Path file = Files.writeString(folder.resolve("accounts.csv"), rows);
        command("account", "import", file.toString());
    }

    private String command(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(words));
        command.addAll(List.of("--data", folder.resolve("data").toString()));
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

    @Override
    public List<Mailbox> mailboxes() {
        return List.copyOf(mailboxes);
    }

    @Override
    public ImapClient session(Mailbox mailbox) throws IOException {
        Path authority = folder.resolve("data/tls/ca.pem");
        ImapClient session = ImapClient.tls("localhost", 993 + offset, Trust.in(authority));
        return SignIn.of(session, mailbox);
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
