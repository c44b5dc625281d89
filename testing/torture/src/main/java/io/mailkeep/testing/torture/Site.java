package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node as its launcher starts it, on a data directory of its own, with what faults need of it.
 */
final class Site implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration STOPPED = Duration.ofSeconds(30);

    /** By which a node says that it is ready. */
    private static final String READY_LINE = "Ctrl-C stops the node.";

    private final String launcher;
    private final Path data;
    private final int offset;
    private final Path said;

    /** Doors in front of the node's own: by standard port, where clients go instead. */
    private final Map<Integer, Integer> doors = new ConcurrentHashMap<>();

    private List<String> wrapper = List.of();
    private Optional<Process> process = Optional.empty();

    Site(String launcher, Path data, int offset) {
        this.launcher = launcher;
        this.data = data;
        this.offset = offset;
        this.said = data.resolveSibling(data.getFileName() + ".said");
    }

    /** Another node on a data directory and ports of its own, not started. */
    Site another(Path otherData, int otherOffset) {
        return new Site(launcher, otherData, otherOffset);
    }

    /** The next start is done by this command, which is to replace itself by the node. */
    void wrapped(List<String> command) {
        wrapper = List.copyOf(command);
    }

    /** Starts it and waits until it is ready; answers how long that took. */
    Duration start() throws IOException {
        long begun = Time.system().nanos();
        launch();
        awaitReady();
        return Duration.ofNanos(Time.system().nanos() - begun);
    }

    /** Starts it, and doesn't wait. */
    void launch() throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(launcher, "up", "--demo", "--data", data.toString()));
        command.addAll(List.of("--port-offset", Integer.toString(offset)));
        process =
                Optional.of(
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(said.toFile())
                                .start());
    }

    /** Waits until it is ready; one that ends instead is an error with what it said. */
    void awaitReady() throws IOException {
        long begun = Time.system().nanos();
        while (!said().contains(READY_LINE)) {
            if (!isAlive() || Time.system().nanos() - begun > READY.toNanos()) {
                throw new IOException("the node didn't become ready:\n" + said());
            }
            Ran.pause(Duration.ofMillis(50));
        }
    }

    /** What it has said since its start. */
    String said() throws IOException {
        return Files.exists(said) ? Files.readString(said) : "";
    }

    boolean isAlive() {
        return process.filter(Process::isAlive).isPresent();
    }

    /** Waits until it has ended by itself. */
    boolean ends(Duration within) throws IOException {
        try {
            return process.orElseThrow().waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while the node ended", stopped);
        }
    }

    /** The process of the node itself. */
    long pid() {
        return process.orElseThrow().pid();
    }

    /** {@code kill -9} of the node alone. */
    void kill() throws IOException {
        process.orElseThrow().destroyForcibly();
        if (!ends(STOPPED)) {
            throw new IOException("the node outlives SIGKILL");
        }
    }

    /** {@code kill -9} of the postmaster and of what it started. */
    void killPostgres() throws IOException {
        for (ProcessHandle one : postgres()) {
            one.destroyForcibly();
        }
    }

    /** The postmaster, then its children; none if there is no postmaster. */
    List<ProcessHandle> postgres() throws IOException {
        List<ProcessHandle> all = new ArrayList<>();
        Path root = data.resolve("postgres");
        if (!Files.isDirectory(root)) {
            return all;
        }
        try (Stream<Path> files = Files.walk(root, 3)) {
            for (Path file : files.filter(f -> f.endsWith("postmaster.pid")).toList()) {
                long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
                ProcessHandle.of(pid)
                        .filter(Site::isPostgres)
                        .ifPresent(postmaster -> {
                            all.add(postmaster);
                            postmaster.children().forEach(all::add);
                        });
            }
        }
        return all;
    }

    /** A process id in an old file may be anybody's by now. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().filter(name -> name.contains("postgres")).isPresent();
    }

    /** Stops it as an administrator does. */
    void stop() throws IOException {
        process.orElseThrow().destroy();
        if (!ends(STOPPED)) {
            throw new IOException("the node doesn't stop:\n" + said());
        }
    }

    /** Sends a signal by its name. */
    static void signal(String name, long pid) throws IOException {
        Ran.ok("kill", "-" + name, Long.toString(pid));
    }

    /** Runs a command of the command line. */
    Ran cli(String... words) throws IOException {
        return cliWith("", words);
    }

    /** Runs one with this on its standard input. */
    Ran cliWith(String input, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(words));
        command.addAll(List.of("--data", data.toString()));
        return Ran.command(command, input);
    }

    /** A command's answer as JSON, whatever status it ends with. */
    JsonNode ask(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--json");
        String out = cli(all.toArray(String[]::new)).out();
        int from = Math.max(0, Math.min(at(out, '{'), at(out, '[')));
        return JsonMapper.shared().readTree(out.substring(from));
    }

    private static int at(String text, char first) {
        int at = text.indexOf(first);
        return at < 0 ? text.length() : at;
    }

    /** Where clients find the service of this standard port. */
    int port(int standard) {
        return doors.getOrDefault(standard, standard + offset);
    }

    /** The node's own port, whatever door stands before it. */
    int ownPort(int standard) {
        return standard + offset;
    }

    /** Clients of this service go to another port from now on. */
    void door(int standard, int port) {
        doors.put(standard, port);
    }

    /** An IMAP client in TLS. */
    ImapClient imap() throws IOException {
        return ImapClient.tls("localhost", port(993), Trust.in(data.resolve("tls/ca.pem")));
    }

    /** An SMTP client (standard port 25) or an LMTP one (24), in clear. */
    SmtpClient smtp(int standard) throws IOException {
        return SmtpClient.connect(new InetSocketAddress("localhost", port(standard)));
    }

    /** The demonstration's accounts with their passwords. */
    Map<String, String> passwords() throws IOException {
        Map<String, String> passwords = new TreeMap<>();
        String endpoints = Files.readString(data.resolve("run/endpoints.json"));
        for (JsonNode one : JsonMapper.shared().readTree(endpoints).path("accounts")) {
            passwords.put(one.path("address").asString(), one.path("password").asString());
        }
        return passwords;
    }

    Path data() {
        return data;
    }

    /** The key folders' parent. */
    Path keys() {
        return data.resolveSibling(data.getFileName() + "-keys");
    }

    @Override
    public void close() throws IOException {
        if (isAlive()) {
            signal("CONT", pid());
            process.orElseThrow().destroy();
            if (!ends(STOPPED)) {
                kill();
            }
        }
        killPostgres();
    }
}
