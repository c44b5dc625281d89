package io.mailkeep.database;

import com.zaxxer.hikari.HikariDataSource;
import io.mailkeep.database.internal.Failures;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.tickets.Access;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowMapper;

/**
 * One room's way to the database: transactions under its own role that see one tenant's rows, and
 * only while this process holds the writer fence.
 *
 * <p>What the database can't do right now is {@link Unavailable}, and nothing was changed then;
 * except when its problem {@link io.mailkeep.kernel.Problem#isUncertain}, which says that the
 * answer to the commit was lost: whoever cares asks for the row by its id before trying again.
 * Nothing is retried here. An interrupt counts as a cut connection; the thread stays interrupted.
 *
 * <p>Row-level security catches our own mistakes: it doesn't hold against code that owns the role.
 */
public final class RoomDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(RoomDatabase.class);

    private static final String LOOKUP =
            "select set_config('mk.tenant', ?, true), set_config('transaction_read_only', 'on', true); ";

    private final HikariDataSource pool;
    private final long fence;

    RoomDatabase(HikariDataSource pool, long fence) {
        this.pool = pool;
        this.fence = fence;
    }

    /** Runs the work for one tenant; commits if it returns, rolls back if it throws. */
    public <T> T inTenant(TenantId tenant, Function<Tx, T> work) {
        return transact(tenant.toString(), true, work);
    }

    /** Runs the work for the tenant of this access. */
    public <T> T inTenant(Access access, Function<Tx, T> work) {
        return inTenant(access.tenant(), work);
    }

    /** As {@link #inTenant}, for work without a result. */
    public void runInTenant(TenantId tenant, Consumer<Tx> work) {
        inTenant(tenant, tx -> done(work, tx));
    }

    /** Runs reading work for one tenant; a statement that writes is refused by the database. */
    public <T> T reading(TenantId tenant, Function<Tx, T> work) {
        return transact(tenant.toString(), false, work);
    }

    /**
     * The one row that a statement finds for a tenant, in one round trip: what sets the tenant
     * travels with the statement, and the server runs both in one transaction, which can't write.
     *
     * @param parameters in the order of the statement's question marks
     */
    public <T> Optional<T> lookup(
            TenantId tenant, String sql, RowMapper<T> mapper, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(LOOKUP + sql)) {
            statement.setString(1, tenant.toString());
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 2, parameters[i]);
            }
            statement.execute();
            statement.getMoreResults();
            try (ResultSet rows = statement.getResultSet()) {
                Optional<T> found =
                        rows.next()
                                ? Optional.ofNullable(mapper.mapRow(rows, 0))
                                : Optional.empty();
                if (rows.next()) {
                    throw new IllegalStateException("more than one row where one was looked up");
                }
                return found;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Runs work that belongs to no tenant: tables without tenants and the listing functions. No
     * tenant's row is visible in it.
     */
    public <T> T withoutTenant(Function<Tx, T> work) {
        return transact("", true, work);
    }

    /** As {@link #withoutTenant}, for work without a result. */
    public void runWithoutTenant(Consumer<Tx> work) {
        withoutTenant(tx -> done(work, tx));
    }

    /** The number this process raised the writer fence to. */
    long fence() {
        return fence;
    }

    /** One call that is a transaction by itself: a cut connection leaves its outcome unknown. */
    <T> T autocommit(SqlCall<T> call) {
        try (Connection connection = connect()) {
            return call.on(connection);
        } catch (SQLException e) {
            if (Failures.cut(e)) {
                throw Failures.unknown(e);
            }
            throw failed(e);
        }
    }

    /** A use of a connection. */
    @FunctionalInterface
    interface SqlCall<T> {
        T on(Connection connection) throws SQLException;
    }

    private static Boolean done(Consumer<Tx> work, Tx tx) {
        work.accept(tx);
        return true;
    }

    private <T> T transact(String tenant, boolean writing, Function<Tx, T> work) {
        try (Connection connection = connect()) {
            T result;
            try {
                begin(connection, tenant, writing);
                result = work.apply(new Tx(connection));
                requireNotInterrupted();
            } catch (SQLException | RuntimeException | Error e) {
                rollback(connection);
                throw e;
            }
            commit(connection);
            return result;
        } catch (SQLException e) {
            throw failed(e);
        } catch (Unavailable e) {
            throw e;
        } catch (RuntimeException e) {
            throw Failures.sql(e).flatMap(RoomDatabase::known).orElse(e);
        }
    }

    private Connection connect() {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw Failures.unavailable(e);
        }
    }

    /**
     * The tenant is set anew in every transaction and for it alone, so a pooled connection carries
     * none over ({@code ATK-92}). The fence's shared lock is held from here to the end: whoever
     * raises the fence waits for us, whoever comes after it is refused.
     */
    private void begin(Connection connection, String tenant, boolean writing) throws SQLException {
        connection.setAutoCommit(false);
        if (!writing) {
            connection.setReadOnly(true);
        }
        String sql =
                writing
                        ? "select set_config('mk.tenant', ?, true), node.check_fence(?)"
                        : "select set_config('mk.tenant', ?, true)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, tenant);
            if (writing) {
                statement.setLong(2, fence);
            }
            statement.execute();
        }
    }

    /** Who was told to stop commits nothing: a commit cut in the middle leaves its outcome open. */
    private static void requireNotInterrupted() throws SQLException {
        if (Thread.currentThread().isInterrupted()) {
            throw new SQLException("interrupted before the commit", "57014");
        }
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (Failures.cut(e)) {
                throw Failures.unknown(e);
            }
            throw failed(e);
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The pool throws the connection away, and the server rolls back without it.
            LOG.atDebug().addKeyValue("sqlState", Failures.state(e)).log("rollback not answered");
        }
    }

    private static RuntimeException failed(SQLException failure) {
        return known(failure)
                .orElseGet(() ->
                        new IllegalStateException(
                                "database failure, SQLSTATE " + Failures.state(failure), failure));
    }

    private static Optional<RuntimeException> known(SQLException failure) {
        if (Failures.state(failure).equals(Failures.HOLDER_REKEYED)) {
            return Optional.of(new HolderRekeyed(failure));
        }
        return Failures.temporary(failure)
                ? Optional.of(Failures.unavailable(failure))
                : Optional.empty();
    }
}
