package io.mailkeep.database;

import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL for tests, the same as in production: one a virtual machine, started at first
 * use, in a temporary folder that is deleted at exit. Each caller gets an empty, migrated database
 * of its own in it.
 *
 * <p>The rooms' roles are shared by all databases of the server, so every database opened here is
 * given the same passwords.
 */
public final class SharedPostgres {
    /** The installation that {@link #database()} belongs to. */
    public static final InstallationId INSTALLATION =
            new InstallationId(UUID.fromString("0d0a7ac3-3b54-4ef0-8f8c-000000000001"));

    private static final String TEMPLATE = EmbeddedPostgres.DATABASE;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private SharedPostgres() {}

    /** A fresh database, opened. Whoever asks for it closes it. */
    public static Database database() {
        return open(location(), INSTALLATION);
    }

    /** Where a fresh database is, for tests that open it several times: each is a restart. */
    public static DatabaseLocation.External location() {
        return made(TEMPLATE);
    }

    /** A copy of a database that nobody has open, as a snapshot of its files would be. */
    public static DatabaseLocation.External copy(DatabaseLocation.External of) {
        return made(of.url().replaceAll("^.*/", ""));
    }

    private static DatabaseLocation.External made(String template) {
        String name = "test_" + NUMBER.incrementAndGet();
        DatabaseLocation.External shared = Server.RUNNING.location();
        try (Connection connection = owner(at("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + " template " + template);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new DatabaseLocation.External(
                shared.url().replaceAll("/[^/]+$", "/" + name), shared.owner(), shared.password());
    }

    /** Opens a database as a starting node does; an earlier one loses the writer fence. */
    public static Database open(DatabaseLocation location, InstallationId installation) {
        return Database.open(
                new DatabaseSettings(
                        location,
                        installation,
                        Time.system(),
                        Randomness.of(new SplittableRandom(7)),
                        sentence -> {}));
    }

    /** Where the server's files lie, for tests that look what can be read in them. */
    public static Path folder() {
        return Server.FOLDER;
    }

    /** A connection as the superuser, to look behind the walls. */
    public static Connection owner(DatabaseLocation.External location) throws SQLException {
        byte[] password = location.password().exposeSecretBytes();
        return DriverManager.getConnection(
                location.url(),
                location.owner(),
                new String(password, java.nio.charset.StandardCharsets.UTF_8));
    }

    private static DatabaseLocation.External at(String database) {
        DatabaseLocation.External shared = Server.RUNNING.location();
        return new DatabaseLocation.External(
                shared.url().replaceAll("/[^/]+$", "/" + database),
                shared.owner(),
                shared.password());
    }

    /** Started when first asked for. */
    private static final class Server {
        static final Path FOLDER = temporary();
        static final EmbeddedPostgres RUNNING = start();

        private static Path temporary() {
            try {
                return Files.createTempDirectory("mailkeep-test-postgres");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server =
                        EmbeddedPostgres.start(
                                FOLDER, Time.system(), Randomness.system(), sentence -> {});
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(() -> {
                                    server.close();
                                    delete(FOLDER);
                                }));
                open(server.location(), INSTALLATION).close();
                try (Connection connection = owner(server.location());
                        Statement statement = connection.createStatement()) {
                    statement.execute("delete from node.installation");
                }
                return server;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
