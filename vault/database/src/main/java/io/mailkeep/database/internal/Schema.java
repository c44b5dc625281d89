package io.mailkeep.database.internal;

import io.mailkeep.database.DatabaseRefused;
import io.mailkeep.database.Room;
import io.mailkeep.kernel.InstallationId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Migrations, whose database it is, and the writer fence. */
public final class Schema {
    /** The advisory lock that stands for the fence; {@code node.check_fence} takes it shared. */
    private static final long FENCE_LOCK = 0x6d6b_6665_6e63_65L;

    private static final int FORMAT = 1;
    private static final String MIGRATIONS = "db/migration";

    /** The version of the last migration; there is one for each number up to it. */
    static final int NEWEST = 14;

    private Schema() {}

    /** Brings the schema up to date, after making sure that it is ours and not a newer one. */
    public static void migrate(Owner owner, Connection connection, InstallationId installation)
            throws SQLException {
        requireOurs(connection, installation);
        if (!upToDate(connection)) {
            migrate(owner);
        }
        try (PreparedStatement insert =
                connection.prepareStatement(
                        """
                        insert into node.installation (installation_id, format) values (?, ?)
                        on conflict (one) do nothing\
                        """)) {
            insert.setObject(1, installation.value());
            insert.setInt(2, FORMAT);
            insert.executeUpdate();
        }
        requireOurs(connection, installation);
        closeDatabase(connection);
    }

    private static void migrate(Owner owner) {
        Flyway flyway =
                Flyway.configure()
                        .dataSource(owner.url(), owner.name(), owner.clear())
                        .defaultSchema("migration")
                        .table("history")
                        .locations("classpath:" + MIGRATIONS)
                        .cleanDisabled(true)
                        .connectRetries(0)
                        .load();
        requireNotNewer(flyway);
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            String state = Failures.sql(e).map(Failures::state).orElse("none");
            throw new DatabaseRefused(
                    "The database's schema couldn't be brought up to date (SQLSTATE "
                            + state
                            + "); nothing of the failed step was kept",
                    e);
        }
    }

    /**
     * Exactly our migrations ran, each with the text it has today. Flyway says the same, half a
     * second later; it is asked whenever this is false.
     */
    public static boolean upToDate(Connection connection) throws SQLException {
        int same = 0;
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there =
                    statement.executeQuery("select to_regclass('migration.history') is not null")) {
                there.next();
                if (!there.getBoolean(1)) {
                    return false;
                }
            }
            try (ResultSet rows =
                    statement.executeQuery(
                            """
                            select script, checksum from migration.history
                            where version is not null and type = 'SQL' and success
                            and not exists (select from migration.history h
                                where not h.success or h.type not in ('SQL', 'SCHEMA'))\
                            """)) {
                while (rows.next()) {
                    OptionalInt own = checksum(rows.getString(1));
                    if (own.isEmpty() || own.getAsInt() != rows.getInt(2)) {
                        return false;
                    }
                    same++;
                }
            }
        }
        return same == NEWEST;
    }

    /** As Flyway reckons it: over the lines, without what ends them. Empty if there is no such. */
    private static OptionalInt checksum(String script) {
        try (InputStream resource =
                Schema.class.getClassLoader().getResourceAsStream(MIGRATIONS + "/" + script)) {
            if (resource == null) {
                return OptionalInt.empty();
            }
            CRC32 sum = new CRC32();
            new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
            return OptionalInt.of((int) sum.getValue());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Rights to a database aren't part of its schema, so they are set at every start. */
    private static void closeDatabase(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String database = statement.enquoteIdentifier(connection.getCatalog(), true);
            statement.execute("revoke all on database " + database + " from public");
            for (Room room : Room.values()) {
                statement.execute("grant connect on database " + database + " to " + room.role());
            }
        }
    }

    /**
     * Makes every commit of an earlier process impossible: waits for those under way, ends the
     * sessions of those that don't come to an end, raises the number.
     */
    public static long raiseFence(Connection connection) throws SQLException {
        try {
            return raise(connection);
        } catch (SQLException e) {
            if (!Failures.state(e).equals("55P03")) {
                throw e;
            }
            endHolders(connection);
            return raise(connection);
        }
    }

    private static long raise(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '5s'");
            statement.execute("select pg_advisory_xact_lock(" + FENCE_LOCK + ")");
            long epoch;
            try (ResultSet row =
                    statement.executeQuery(
                            "update node.fence set epoch = epoch + 1 returning epoch")) {
                if (!row.next()) {
                    throw new IllegalStateException("node.fence is empty");
                }
                epoch = row.getLong(1);
            }
            connection.commit();
            return epoch;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void endHolders(Connection connection) throws SQLException {
        try (PreparedStatement end =
                connection.prepareStatement(
                        """
                        select pg_terminate_backend(pid, 5000) from pg_locks
                        where locktype = 'advisory' and granted and objsubid = 1
                        and database = (select oid from pg_database where datname = current_database())
                        and (classid::bigint << 32 | objid::bigint) = ? and pid <> pg_backend_pid()\
                        """)) {
            end.setLong(1, FENCE_LOCK);
            end.execute();
        }
    }

    private static void requireOurs(Connection connection, InstallationId installation)
            throws SQLException {
        Optional<UUID> found = Optional.empty();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there =
                    statement.executeQuery("select to_regclass('node.installation') is not null")) {
                there.next();
                if (!there.getBoolean(1)) {
                    return;
                }
            }
            try (ResultSet row =
                    statement.executeQuery("select installation_id from node.installation")) {
                if (row.next()) {
                    found = Optional.of(row.getObject(1, UUID.class));
                }
            }
        }
        if (found.isPresent() && !found.get().equals(installation.value())) {
            throw new DatabaseRefused(
                    "The database belongs to installation "
                            + found.get()
                            + ", the data directory to "
                            + installation
                            + ": give this one a database of its own, or put the right data"
                            + " directory in place");
        }
    }

    private static void requireNotNewer(Flyway flyway) {
        Optional<MigrationInfo> newer =
                Arrays.stream(flyway.info().all())
                        .filter(info ->
                                info.getState() == MigrationState.FUTURE_SUCCESS
                                        || info.getState() == MigrationState.FUTURE_FAILED)
                        .findFirst();
        if (newer.isPresent()) {
            throw new DatabaseRefused(
                    "The database was made by a newer Mailkeep (schema "
                            + newer.get().getVersion()
                            + "): run that version, or restore a backup made before the upgrade");
        }
    }
}
