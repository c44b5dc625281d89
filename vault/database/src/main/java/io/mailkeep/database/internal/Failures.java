package io.mailkeep.database.internal;

import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Unavailable;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;

/**
 * Tells failures that pass by themselves from defects. The client never sees a word of the
 * database's ({@code ATK-91}); the log sees the SQLSTATE alone, since messages may hold values.
 */
public final class Failures {
    /** A leaf's holder was re-keyed: raised by {@code tree.put_leaf}. */
    public static final String HOLDER_REKEYED = "MK001";

    /** A later start raised the writer fence: raised by {@code node.check_fence}. */
    public static final String FENCED = "MK002";

    private static final String TEXT = "The mail store can't answer right now; try again later";

    /** Cut connections, out of resources, shut down, operator's intervention, disk errors. */
    private static final Set<String> TEMPORARY_CLASSES = Set.of("08", "53", "57", "58");

    private static final Set<String> TEMPORARY =
            Set.of(
                    "40001", // serialization failure
                    "40P01", // deadlock
                    "55P03", // lock wait timeout
                    "25P02", // the transaction failed before
                    "25P03", // idle in transaction for too long
                    "25P04", // transaction timeout
                    FENCED);

    private static final Set<String> CUT_CLASSES = Set.of("08", "57", "58");

    private Failures() {}

    /** The first database error in the chain of causes. */
    public static Optional<SQLException> sql(Throwable failure) {
        Throwable one = failure;
        for (int depth = 0; one != null && depth < 20; depth++) {
            if (one instanceof SQLException found) {
                return Optional.of(found);
            }
            one = one.getCause();
        }
        return Optional.empty();
    }

    /** The five-character code, or an empty text. */
    public static String state(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }

    /** Whether it may work later without anybody changing anything. */
    public static boolean temporary(SQLException failure) {
        String state = state(failure);
        return failure instanceof SQLTransientConnectionException
                || failure.getCause() instanceof InterruptedException
                || TEMPORARY.contains(state)
                || (state.length() == 5 && TEMPORARY_CLASSES.contains(state.substring(0, 2)));
    }

    /** Whether the answer to a commit may have been lost with it. */
    public static boolean cut(SQLException failure) {
        String state = state(failure);
        return state.length() != 5 || CUT_CLASSES.contains(state.substring(0, 2));
    }

    /** What callers get for a failure that changed nothing. */
    public static Unavailable unavailable(SQLException cause) {
        String why =
                switch (state(cause)) {
                    case FENCED ->
                            "another process has taken over as the writer (SQLSTATE "
                                    + FENCED
                                    + ")";
                    case "" -> "no connection to the database in time: it is away, or overloaded";
                    default -> "database failure, SQLSTATE " + state(cause);
                };
        return new Unavailable(Problem.temporary(TEXT, why), cause);
    }

    /** What callers get when nobody knows yet whether the commit happened. */
    public static Unavailable unknown(SQLException cause) {
        String why = "cut during commit, SQLSTATE " + state(cause);
        return new Unavailable(Problem.temporary(TEXT, why).uncertain(), cause);
    }
}
