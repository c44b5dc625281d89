package io.mailkeep.database.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.mailkeep.database.DatabaseRefused;
import io.mailkeep.database.Room;
import java.time.Duration;
import java.util.Locale;

/** A small pool a room: at most a few connections, one kept warm. */
public final class Pools {
    /** For a connection: a crowd on a busy machine waits its turn rather than being put off. */
    private static final Duration WAIT = Duration.ofSeconds(10);

    private Pools() {}

    /** Opens the pool; at least one connection stands when it returns. */
    public static HikariDataSource open(String url, Room room, String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("mailkeep-" + room.name().toLowerCase(Locale.ROOT));
        config.setJdbcUrl(url);
        config.setUsername(room.role());
        config.setPassword(password);
        config.setMinimumIdle(1);
        config.setMaximumPoolSize(room.connectionsMax());
        config.setConnectionTimeout(WAIT.toMillis());
        config.setValidationTimeout(2_000);
        config.setIdleTimeout(60_000);
        config.setMaxLifetime(1_800_000);
        config.setInitializationFailTimeout(WAIT.toMillis());
        config.addDataSourceProperty("ApplicationName", config.getPoolName());
        config.addDataSourceProperty("prepareThreshold", "1");
        config.addDataSourceProperty("binaryTransfer", "true");
        config.addDataSourceProperty("loginTimeout", "5");
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // Values must not travel in messages to the log: "Key (name_hash)=(…) already exists".
        config.addDataSourceProperty("logServerErrorDetail", "false");
        // A server that hangs is given up a little after it should have cancelled by itself.
        int seconds = room.statementSecondsMax();
        config.addDataSourceProperty("socketTimeout", Integer.toString(seconds + 15));
        config.addDataSourceProperty("options", options(seconds));
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw new DatabaseRefused(
                    "Room "
                            + room
                            + " can't connect to the database as "
                            + room.role()
                            + ": pg_hba.conf must let the role in by scram-sha-256",
                    e);
        }
    }

    /** Every wait on the server has an end, and a commit that was answered is on disk. */
    private static String options(int seconds) {
        return "-c statement_timeout="
                + seconds
                + "s -c lock_timeout=10s"
                + " -c idle_in_transaction_session_timeout="
                + (seconds + 30)
                + "s -c synchronous_commit=on -c timezone=UTC -c search_path=pg_catalog";
    }
}
