package io.mailkeep.database;

import io.mailkeep.database.internal.Binaries;
import io.mailkeep.database.internal.Cluster;
import io.mailkeep.database.internal.DirectoryLock;
import io.mailkeep.database.internal.Launch;
import io.mailkeep.database.internal.Orphans;
import io.mailkeep.database.internal.Owner;
import io.mailkeep.database.internal.Postmaster;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Our own PostgreSQL: durable settings, SCRAM, loopback only, and no capability left when root
 * started it.
 *
 * <p>It ends with this process, also if that is killed; one left behind is stopped by the next
 * start, never adopted, since an old session of it could commit late. If it dies alone, it is
 * started again.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    /** The name of the database in it. */
    public static final String DATABASE = "mailkeep";

    /** The superuser, who acts at start only. */
    public static final String OWNER = "mk_owner";

    private final DirectoryLock lock;
    private final Postmaster postmaster;
    private final Secret password;
    private final Optional<String> warning;

    private EmbeddedPostgres(
            DirectoryLock lock, Postmaster postmaster, Secret password, Optional<String> warning) {
        this.lock = lock;
        this.postmaster = postmaster;
        this.password = password;
        this.warning = warning;
    }

    /**
     * Unpacks the programs and makes the cluster at first use, stops an orphan, starts, waits until
     * connections are answered.
     *
     * @param directory {@code DIR/postgres}
     * @param progress is told what is done, a short sentence at a time
     * @throws DatabaseRefused if another process runs on this directory, or it can't be started
     */
    public static EmbeddedPostgres start(
            Path directory, Time time, Randomness randomness, Consumer<String> progress) {
        Path home = directory.toAbsolutePath().normalize();
        DirectoryLock lock = DirectoryLock.take(home);
        try {
            Launch launch = Launch.find(home);
            Path binaries = Binaries.unpack(home, progress);
            Orphans.stop(home, time, progress);
            Secret password = Cluster.prepare(home, binaries, launch, randomness, progress);
            progress.accept("Starting PostgreSQL");
            Postmaster postmaster = Postmaster.start(home, binaries, launch, time, randomness);
            EmbeddedPostgres started =
                    new EmbeddedPostgres(lock, postmaster, password, launch.warning());
            try {
                started.createDatabase();
            } catch (RuntimeException | Error e) {
                postmaster.close();
                throw e;
            }
            return started;
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /** Where {@link Database} connects. */
    public DatabaseLocation.External location() {
        return new DatabaseLocation.External(url(DATABASE), OWNER, password);
    }

    /** The TCP port on 127.0.0.1; the same as long as this object lives. */
    public int port() {
        return postmaster.port();
    }

    /** The postmaster's process id; empty while it is being started again. */
    public Optional<Long> postmaster() {
        return postmaster.pid();
    }

    /** What doesn't hold of the promise above on this machine, for the administrator. */
    public Optional<String> warning() {
        return warning;
    }

    /** Stops PostgreSQL: transactions under way are rolled back, the rest is on disk. */
    @Override
    public void close() {
        postmaster.close();
        lock.close();
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    private void createDatabase() {
        Owner owner = new Owner(url("postgres"), OWNER, password);
        try (Connection connection = owner.connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet row =
                    statement.executeQuery(
                            "select from pg_database where datname = '" + DATABASE + "'")) {
                if (row.next()) {
                    return;
                }
            }
            statement.execute("revoke all on database postgres, template1 from public");
            statement.execute(
                    "create database "
                            + DATABASE
                            + " template template0 encoding 'UTF8' locale 'C'");
        } catch (SQLException e) {
            throw owner.refused(e);
        }
    }
}
