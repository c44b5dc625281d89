package io.mailkeep.database;

import io.mailkeep.audit.Entry;
import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Uid;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one call that stores a delivery group: all its rows and audit entries, of all its tenants, in
 * one transaction; durable on return.
 *
 * <p>Idempotent by copy id: after an unknown outcome the same group may be given again, and what is
 * there already says so.
 */
public final class DropboxCalls {
    private static final String CALL =
            "select ordinal, status, folder_id, uid_validity, uid, mod_seq from mailbox.deliver_group("
                    + "?".repeat(26).replace("?", "?, ").replaceAll(", $", "")
                    + ") order by ordinal";

    private final RoomDatabase dropbox;

    /** Over the pool of {@link Room#DROPBOX}. */
    public DropboxCalls(RoomDatabase dropbox) {
        this.dropbox = dropbox;
    }

    /** Stores the group; answers one result a delivery, in the order given. */
    public List<Result> deliver(Group group) {
        if (group.deliveries().isEmpty()) {
            return List.of();
        }
        List<Result> results = dropbox.autocommit(connection -> call(connection, group));
        if (results.size() != group.deliveries().size()) {
            throw new IllegalStateException(
                    results.size() + " answers for " + group.deliveries().size() + " deliveries");
        }
        return results;
    }

    /** Bodies that lie durably in their segments, and the copies that refer to them. */
    public record Group(List<Body> bodies, List<Copy> deliveries) {
        public Group {
            bodies = List.copyOf(bodies);
            deliveries = List.copyOf(deliveries);
        }
    }

    /** A body's place, as the store of bodies answered it. */
    public record Body(
            TenantId tenant,
            BlobId blob,
            DataClass dataClass,
            UUID segment,
            long position,
            long stored,
            long size) {}

    /**
     * One copy for one mailbox.
     *
     * @param folder empty for INBOX
     * @param node the mailbox+class node, and {@code pair} the generation the wrap is sealed to
     * @param wrap the copy's keys, sealed
     * @param meta outline and trace, sealed under the copy's key
     * @param keywords bits of the mailbox's keywords
     * @param size of the message as read, trace included
     * @param standing the epoch of the standing delivery ticket; empty for an owner's own writing
     * @param audit told if and only if the copy is stored now
     */
    public record Copy(
            TenantId tenant,
            MailboxId mailbox,
            Optional<FolderId> folder,
            CopyId copy,
            BlobId blob,
            DataClass dataClass,
            NodeId node,
            KeyId pair,
            byte[] wrap,
            byte[] meta,
            int flags,
            long keywords,
            Instant received,
            Instant saved,
            long size,
            OptionalLong standing,
            Entry audit) {}

    /** How one delivery ended. */
    public sealed interface Result {
        /** Stored now. */
        record Delivered(Place place) implements Result {}

        /** There already, by its id; the place is empty if it was destroyed or moved since. */
        record Already(Optional<Place> place) implements Result {}

        /** Sealed to a pair that was renewed: nothing stored; seal again. */
        record StalePair() implements Result {}

        /** No such mailbox, or no such folder in it. */
        record Missing() implements Result {}

        /** The owner withdrew or renewed the standing delivery ticket. */
        record Withdrawn() implements Result {}

        /** The folder has given all its 2^32 - 1 UIDs. */
        record Exhausted() implements Result {}
    }

    /** Where a copy is. */
    public record Place(FolderId folder, long uidValidity, Uid uid, ModSeq modSeq) {}

    private List<Result> call(Connection connection, Group group) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CALL)) {
            statement.setLong(1, dropbox.fence());
            Parameters in = new Parameters(connection, statement);
            bodies(in, group.bodies());
            copies(in, group.deliveries());
            List<Result> results = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    results.add(result(rows));
                }
            }
            return results;
        }
    }

    private static void bodies(Parameters in, List<Body> bodies) throws SQLException {
        in.array("uuid", bodies, body -> body.tenant().value());
        in.array("uuid", bodies, body -> body.blob().value());
        in.array("int2", bodies, body -> (short) body.dataClass().code());
        in.array("uuid", bodies, Body::segment);
        in.array("int8", bodies, Body::position);
        in.array("int8", bodies, Body::stored);
        in.array("int8", bodies, Body::size);
    }

    private static void copies(Parameters in, List<Copy> copies) throws SQLException {
        in.array("uuid", copies, copy -> copy.tenant().value());
        in.array("uuid", copies, copy -> copy.mailbox().value());
        in.array("uuid", copies, copy -> copy.folder().map(FolderId::value).orElse(null));
        in.array("uuid", copies, copy -> copy.copy().value());
        in.array("uuid", copies, copy -> copy.blob().value());
        in.array("int2", copies, copy -> (short) copy.dataClass().code());
        in.array("uuid", copies, copy -> copy.node().value());
        in.array("uuid", copies, copy -> copy.pair().value());
        in.bytes(copies, Copy::wrap);
        in.bytes(copies, Copy::meta);
        in.array("int2", copies, copy -> (short) copy.flags());
        in.array("int8", copies, Copy::keywords);
        in.array("timestamptz", copies, copy -> utc(copy.received()));
        in.array("timestamptz", copies, copy -> utc(copy.saved()));
        in.array("int8", copies, Copy::size);
        in.array("int8", copies, copy -> boxed(copy.standing()));
        in.array("uuid", copies, copy -> copy.audit().id());
        in.bytes(copies, copy -> copy.audit().bytes());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static Result result(ResultSet row) throws SQLException {
        return switch (row.getInt("status")) {
            case 0 ->
                    new Result.Delivered(
                            place(row)
                                    .orElseThrow(
                                            () -> new IllegalStateException("delivered nowhere")));
            case 1 -> new Result.Already(place(row));
            case 2 -> new Result.StalePair();
            case 3 -> new Result.Missing();
            case 4 -> new Result.Withdrawn();
            case 5 -> new Result.Exhausted();
            default -> throw new IllegalStateException("status " + row.getInt("status"));
        };
    }

    private static Optional<Place> place(ResultSet row) throws SQLException {
        UUID folder = row.getObject("folder_id", UUID.class);
        long uidValidity = row.getLong("uid_validity");
        if (folder == null || uidValidity == 0) {
            return Optional.empty();
        }
        return Optional.of(
                new Place(
                        new FolderId(folder),
                        uidValidity,
                        new Uid(row.getLong("uid")),
                        new ModSeq(row.getLong("mod_seq"))));
    }

    /** Binds one array after another. */
    private static final class Parameters {
        private final Connection connection;
        private final PreparedStatement statement;
        private int bound = 1;

        Parameters(Connection connection, PreparedStatement statement) {
            this.connection = connection;
            this.statement = statement;
        }

        <E> void array(String type, List<E> from, Function<E, @Nullable Object> column)
                throws SQLException {
            Object[] values = from.stream().map(column).toArray();
            Array array = connection.createArrayOf(type, values);
            statement.setArray(++bound, array);
        }

        <E> void bytes(List<E> from, Function<E, byte[]> column) throws SQLException {
            byte[][] values = from.stream().map(column).toArray(byte[][]::new);
            statement.setArray(++bound, connection.createArrayOf("bytea", values));
        }
    }
}
