package io.mailkeep.database;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The one call that finds whom mail is for, before any tenant is known: for many addresses in one
 * round trip, by keyed hashes, as things stand in the database at this moment.
 */
public final class RecipientCalls {
    private static final String CALL =
            "select tenant, account, mailbox, standing from identity.recipients(?, ?, ?)"
                    + " order by ordinal";

    private final RoomDatabase identity;

    /** Over the pool of {@link Room#IDENTITY}. */
    public RecipientCalls(RoomDatabase identity) {
        this.identity = identity;
    }

    /**
     * An address.
     *
     * @param domain the keyed hash of its domain
     * @param guess whose domain it may be; the address is looked at only if it is
     * @param address the keyed hash of the address within the company guessed
     */
    public record Question(byte[] domain, Optional<UUID> guess, byte[] address) {}

    /**
     * What it is to us.
     *
     * @param tenant whose domain it is; empty if nobody's here
     * @param mailbox empty if the guess was wrong, or nobody who may get mail has the address
     */
    public record Answer(Optional<UUID> tenant, Optional<Found> mailbox) {}

    /** A mailbox that takes mail, by the standing ticket of this epoch. */
    public record Found(UUID account, UUID mailbox, long standing) {}

    /** Answers in the order given. */
    public List<Answer> find(List<Question> questions) {
        List<Answer> answers = identity.autocommit(connection -> call(connection, questions));
        if (answers.size() != questions.size()) {
            throw new IllegalStateException(
                    answers.size() + " answers for " + questions.size() + " addresses");
        }
        return answers;
    }

    private static List<Answer> call(Connection connection, List<Question> questions)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CALL)) {
            statement.setArray(1, bytes(connection, questions, Question::domain));
            statement.setArray(2, guesses(connection, questions));
            statement.setArray(3, bytes(connection, questions, Question::address));
            List<Answer> answers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    answers.add(answer(rows));
                }
            }
            return answers;
        }
    }

    private static Array bytes(
            Connection connection, List<Question> questions, Function<Question, byte[]> column)
            throws SQLException {
        return connection.createArrayOf(
                "bytea", questions.stream().map(column).toArray(byte[][]::new));
    }

    private static Array guesses(Connection connection, List<Question> questions)
            throws SQLException {
        return connection.createArrayOf(
                "uuid", questions.stream().map(one -> one.guess().orElse(null)).toArray());
    }

    private static Answer answer(ResultSet row) throws SQLException {
        UUID account = row.getObject("account", UUID.class);
        UUID mailbox = row.getObject("mailbox", UUID.class);
        long standing = row.getLong("standing");
        boolean takesMail = account != null && mailbox != null && standing > 0;
        return new Answer(
                Optional.ofNullable(row.getObject("tenant", UUID.class)),
                takesMail ? Optional.of(new Found(account, mailbox, standing)) : Optional.empty());
    }
}
