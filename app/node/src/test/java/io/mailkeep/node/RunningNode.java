package io.mailkeep.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.testing.client.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node in a process of its own, as {@code ./mailkeep up} starts it, on a data directory of the
 * test's.
 */
final class RunningNode implements AutoCloseable {
    private static final int READY_SECONDS = 120;

    /**
     * The launcher, if this run built what it starts ({@code ./mailkeep test} does); else the
     * classes of this run are started.
     */
    static final Optional<String> LAUNCHER =
            Optional.ofNullable(System.getProperty("mailkeep.launcher")).filter(l -> !l.isEmpty());

    final Path data;
    final int offset;

    /** What the node printed; one thread writes it, the test reads it. */
    @SuppressWarnings("JdkObsolete")
    final StringBuffer output = new StringBuffer();

    private Process process;

    private RunningNode(Path data, int offset, Process process) {
        this.data = data;
        this.offset = offset;
        this.process = process;
    }

    /** Starts one and waits until it is ready. */
    static RunningNode start(Path data, String... arguments)
            throws IOException, InterruptedException {
        return start(data, Ports.freeOffset(), List.of(), arguments);
    }

    static RunningNode start(Path data, int offset, List<String> flags, String... arguments)
            throws IOException, InterruptedException {
        RunningNode node = new RunningNode(data, offset, launch(data, offset, flags, arguments));
        node.awaitReady();
        return node;
    }

    /**
     * Starts one with another class path and wrapped into another command, such as {@code unshare}.
     */
    static RunningNode start(
            List<String> wrapper,
            String classPath,
            Path data,
            List<String> flags,
            String... arguments)
            throws IOException, InterruptedException {
        int offset = Ports.freeOffset();
        RunningNode node =
                new RunningNode(
                        data, offset, launch(wrapper, classPath, data, offset, flags, arguments));
        node.awaitReady();
        return node;
    }

    /** Starts one by this program, such as a launcher run as another user. */
    static RunningNode startBy(List<String> program, Path data, String... arguments)
            throws IOException, InterruptedException {
        int offset = Ports.freeOffset();
        RunningNode node = new RunningNode(data, offset, launch(program, data, offset, arguments));
        node.awaitReady();
        return node;
    }

    /**
     * A copy of this one, which was stopped, in {@code folder}: data and keys, to be started by
     * {@link #restart}.
     */
    RunningNode copy(Path folder) throws IOException, InterruptedException {
        Path copied = folder.resolve("data");
        copy(data, copied);
        copy(keys(data), keys(copied));
        Path configuration = copied.resolve("mailkeep.yaml");
        String text = Files.readString(configuration);
        Files.writeString(
                configuration, text.replace(keys(data).toString(), keys(copied).toString()));
        return new RunningNode(copied, offset, process);
    }

    private static Path keys(Path data) {
        return data.resolveSibling(data.getFileName() + "-keys");
    }

    /** Copies a folder as it is: owners, rights and times too. */
    static void copy(Path from, Path to) throws IOException, InterruptedException {
        Ran copied = Ran.command("cp", "-a", from.toString(), to.toString());
        assertThat(copied.status()).as(copied.out()).isZero();
    }

    private static Process launch(Path data, int offset, List<String> flags, String... arguments)
            throws IOException {
        if (LAUNCHER.isPresent() && flags.isEmpty()) {
            return launch(List.of(LAUNCHER.get()), data, offset, arguments);
        }
        String classPath = System.getProperty("java.class.path");
        return launch(List.of(), classPath, data, offset, flags, arguments);
    }

    private static Process launch(
            List<String> wrapper,
            String classPath,
            Path data,
            int offset,
            List<String> flags,
            String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "--enable-native-access=ALL-UNNAMED"));
        command.addAll(flags.isEmpty() ? List.of("-Xmx512m") : flags);
        command.addAll(List.of("-cp", classPath, "io.mailkeep.node.Main"));
        return launch(command, data, offset, arguments);
    }

    private static Process launch(List<String> program, Path data, int offset, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(program);
        command.add("up");
        command.addAll(
                List.of("--data", data.toString(), "--port-offset", Integer.toString(offset)));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private void awaitReady() throws IOException, InterruptedException {
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        for (String line = lines.readLine();
                                line != null;
                                line = lines.readLine()) {
                            output.append(line).append('\n');
                        }
                    } catch (IOException ended) {
                        output.append("(output ended: ").append(ended.getMessage()).append(")\n");
                    }
                });
        for (int tenths = 0; tenths < READY_SECONDS * 10; tenths++) {
            if (output.toString().contains("Ctrl-C stops the node.")) {
                return;
            }
            if (!process.isAlive()) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        process.destroyForcibly().waitFor();
        throw new AssertionError("the node didn't become ready:\n" + output);
    }

    /** Skips the test where there is no swaks, or one without its library for TLS. */
    static void needsSwaks() throws IOException, InterruptedException {
        Ran asked = Ran.command("sh", "-c", "swaks --support | grep 'TLS supported'");
        assumeTrue(asked.status() == 0, "swaks with Net::SSLeay isn't installed");
    }

    JsonNode endpoints() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(data.resolve("run/endpoints.json")));
    }

    Path ca() {
        return data.resolve("tls/ca.pem");
    }

    int port(int standard) {
        return standard + offset;
    }

    /** Password of a demonstration account. */
    String password(String address) throws IOException {
        for (JsonNode account : endpoints().path("accounts")) {
            if (account.path("address").asString().equals(address)) {
                return account.path("password").asString();
            }
        }
        throw new AssertionError("no demonstration account " + address);
    }

    Process process() {
        return process;
    }

    /** Runs a command of the command line against this node. */
    Ran cli(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (LAUNCHER.isPresent()) {
            command.add(LAUNCHER.get());
        } else {
            command.addAll(
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.mailkeep.node.Main"));
        }
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        return Ran.command(command);
    }

    /** Kills the Java process alone, as {@code kill -9} does, and leaves everything as it is. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts again on the same data; answers the seconds until it was ready. */
    double restart(String... arguments) throws IOException, InterruptedException {
        output.setLength(0);
        long begun = System.nanoTime();
        process = launch(data, offset, List.of(), arguments);
        awaitReady();
        return (System.nanoTime() - begun) / 1e9;
    }

    /** Stops it by SIGTERM; answers the seconds it took. */
    double stop() throws InterruptedException {
        long begun = System.nanoTime();
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the node ends:\n%s", output).isTrue();
        return (System.nanoTime() - begun) / 1e9;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            try {
                stop();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A command that ended. */
    record Ran(int status, String out) {
        private static final int PATIENCE_SECONDS = 120;

        static Ran command(List<String> command) throws IOException, InterruptedException {
            Path out = Files.createTempFile("ran", ".out");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(out.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                            .start();
            try {
                // a node that should have refused to start would run for ever
                boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (!ended) {
                    process.destroy();
                    process.waitFor();
                }
                String said = new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
                return ended
                        ? new Ran(process.exitValue(), said)
                        : new Ran(-1, said + "\nstill ran after " + PATIENCE_SECONDS + " s");
            } finally {
                Files.delete(out);
            }
        }

        static Ran command(String... command) throws IOException, InterruptedException {
            return command(List.of(command));
        }
    }
}
