package io.mailkeep.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Time;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Future;

/** Waits until work stands before a lock that a test holds. */
final class SomebodyWaits {
    private SomebodyWaits() {}

    static void await(Connection connection, Future<?> work)
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
                                "select exists (select from pg_stat_activity"
                                        + " where datname = current_database()"
                                        + " and wait_event_type = 'Lock')")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
