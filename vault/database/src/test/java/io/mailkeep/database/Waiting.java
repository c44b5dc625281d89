package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Time;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/** What tests of several transactions wait for. */
public final class Waiting {
    private Waiting() {}

    /** Until the latch is open; an interrupt ends it, too. */
    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Until this work stands before a lock that the test holds. Locks are asked for, not sessions:
     * within a transaction those are shown as they were at its first look.
     */
    public static void untilLocked(Connection connection, Future<?> work)
            throws SQLException, InterruptedException {
        while (!somebody(connection)) {
            assertThat(work.isDone()).as("it takes the lock").isFalse();
            Time.system().sleep(Duration.ofMillis(20));
        }
    }

    private static boolean somebody(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select exists (select from pg_locks where not granted)")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
