package io.mailkeep.database;

import com.zaxxer.hikari.HikariDataSource;
import io.mailkeep.database.internal.Owner;
import io.mailkeep.database.internal.Pools;
import io.mailkeep.database.internal.Schema;
import io.mailkeep.database.internal.ServerChecks;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The database, ready for use: migrated, its walls checked, the writer fence raised, a pool a room.
 *
 * <p>Once {@link #open} has returned, no commit of an earlier process can succeed any more.
 */
public final class Database implements AutoCloseable {
    private final Map<Room, HikariDataSource> pools;
    private final Optional<EmbeddedPostgres> postgres;
    private final List<String> warnings;
    private final long fence;
    private final Time time;

    private Database(
            Map<Room, HikariDataSource> pools,
            Optional<EmbeddedPostgres> postgres,
            List<String> warnings,
            long fence,
            Time time) {
        this.pools = pools;
        this.postgres = postgres;
        this.warnings = List.copyOf(warnings);
        this.fence = fence;
        this.time = time;
    }

    /**
     * Starts PostgreSQL if it is ours, migrates, raises the fence, opens the pools.
     *
     * @throws DatabaseRefused when the server's settings, its version, its schema or its
     *     installation don't allow it; the message says what to do
     */
    public static Database open(DatabaseSettings settings) {
        return switch (settings.location()) {
            case DatabaseLocation.Embedded embedded -> {
                EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(
                                embedded.directory(),
                                settings.time(),
                                settings.randomness(),
                                settings.progress());
                try {
                    yield open(settings, postgres.location(), Optional.of(postgres));
                } catch (RuntimeException | Error e) {
                    postgres.close();
                    throw e;
                }
            }
            case DatabaseLocation.External external -> open(settings, external, Optional.empty());
        };
    }

    /** A room's way to its own schema. */
    public RoomDatabase room(Room room) {
        HikariDataSource pool = pools.get(room);
        if (pool == null) {
            throw new IllegalStateException("no pool for " + room);
        }
        return new RoomDatabase(pool, fence, time);
    }

    /** The number this process raised the writer fence to: grows with every start. */
    public long fence() {
        return fence;
    }

    /** The process id of our own PostgreSQL; empty for somebody else's. */
    public Optional<Long> postmaster() {
        return postgres.flatMap(EmbeddedPostgres::postmaster);
    }

    /** What an administrator should be told aloud at start; empty when all is as it should be. */
    public List<String> warnings() {
        return warnings;
    }

    /** How busy the pools are. */
    public List<PoolFigures> figures() {
        List<PoolFigures> all = new ArrayList<>();
        pools.forEach((room, pool) ->
                all.add(
                        new PoolFigures(
                                room,
                                pool.getHikariPoolMXBean().getActiveConnections(),
                                pool.getHikariPoolMXBean().getTotalConnections(),
                                pool.getHikariPoolMXBean().getThreadsAwaitingConnection())));
        return all;
    }

    /** One pool's connections. */
    public record PoolFigures(Room room, int active, int open, int waiting) {}

    /** Ends every connection, then PostgreSQL if it is ours. */
    @Override
    public void close() {
        pools.values().forEach(HikariDataSource::close);
        postgres.ifPresent(EmbeddedPostgres::close);
    }

    private static Database open(
            DatabaseSettings settings,
            DatabaseLocation.External location,
            Optional<EmbeddedPostgres> postgres) {
        Owner owner = new Owner(location.url(), location.owner(), location.password());
        List<String> warnings = new ArrayList<>();
        postgres.flatMap(EmbeddedPostgres::warning).ifPresent(warnings::add);
        Map<Room, HikariDataSource> pools = new EnumMap<>(Room.class);
        try (Connection connection = owner.connect()) {
            ServerChecks.require(connection);
            settings.progress().accept("Bringing the database's schema up to date");
            Schema.migrate(owner, connection, settings.installation());
            ServerChecks.requireWalls(connection);
            Map<Room, String> passwords = renewPasswords(connection, settings.randomness());
            long fence = Schema.raiseFence(connection);
            passwords.forEach((room, password) ->
                    pools.put(room, Pools.open(location.url(), room, password)));
            return new Database(pools, postgres, warnings, fence, settings.time());
        } catch (SQLException e) {
            pools.values().forEach(HikariDataSource::close);
            throw owner.refused(e);
        } catch (RuntimeException | Error e) {
            pools.values().forEach(HikariDataSource::close);
            throw e;
        }
    }

    /** Fresh for this start and in memory only; the server is sent verifiers, never passwords. */
    private static Map<Room, String> renewPasswords(Connection connection, Randomness randomness)
            throws SQLException {
        Map<Room, String> passwords = new EnumMap<>(Room.class);
        for (Room room : Room.values()) {
            String password =
                    Base64.getUrlEncoder().withoutPadding().encodeToString(randomness.bytes(32));
            Owner.alterPassword(connection, room, password, randomness.bytes(16));
            passwords.put(room, password);
        }
        return passwords;
    }
}
