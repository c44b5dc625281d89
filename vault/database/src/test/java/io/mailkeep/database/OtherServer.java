package io.mailkeep.database;

import io.mailkeep.database.internal.Binaries;
import io.mailkeep.database.internal.Launch;
import io.mailkeep.kernel.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL that somebody else runs: Debian's 15 where it is installed, else the one we bring,
 * with the settings a test wants.
 */
final class OtherServer implements AutoCloseable {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql/15");

    private final Path home;
    private final Process process;
    private final int port;

    private OtherServer(Path home, Process process, int port) {
        this.home = home;
        this.process = process;
        this.port = port;
    }

    static OtherServer start(String... settings) throws Exception {
        Path home = Files.createTempDirectory("mailkeep-other");
        Launch launch = Launch.find(home);
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
        String bin =
                Files.isDirectory(DEBIAN)
                        ? DEBIAN.resolve("bin").toString()
                        : launch.seen(home, Binaries.unpack(home, s -> {}).resolve("bin"));
        Path data = Files.createDirectory(home.resolve("cluster"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        launch.give(data);
        run(
                launch.command(
                        home,
                        List.of(
                                bin + "/initdb",
                                "-D",
                                launch.seen(home, data),
                                "-U",
                                "postgres",
                                "--auth=trust",
                                "--encoding=UTF8",
                                "--locale=C")));
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        List<String> program =
                new ArrayList<>(List.of(bin + "/postgres", "-D", launch.seen(home, data)));
        for (String setting :
                List.of("port=" + port, "unix_socket_directories=", "listen_addresses=127.0.0.1")) {
            program.addAll(List.of("-c", setting));
        }
        for (String setting : settings) {
            program.addAll(List.of("-c", setting));
        }
        Process process =
                new ProcessBuilder(launch.command(home, program))
                        .directory(Path.of("/").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        OtherServer server = new OtherServer(home, process, port);
        server.createDatabase();
        return server;
    }

    DatabaseLocation.External location() {
        return new DatabaseLocation.External(
                "jdbc:postgresql://127.0.0.1:" + port + "/mail", "postgres", Secret.ofUtf8("any"));
    }

    @Override
    public void close() throws IOException {
        new ProcessBuilder("sh", "-c", "kill -s INT " + process.pid()).start().onExit().join();
        process.onExit().join();
        try (Stream<Path> all = Files.walk(home)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    private void createDatabase() throws SQLException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try (Connection connection =
                            DriverManager.getConnection(
                                    "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                                    "postgres",
                                    "any");
                    Statement statement = connection.createStatement()) {
                statement.execute("create database mail");
                return;
            } catch (SQLException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException("exit " + process.exitValue() + ": " + command);
        }
    }
}
