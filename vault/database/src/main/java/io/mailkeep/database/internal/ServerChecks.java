package io.mailkeep.database.internal;

import io.mailkeep.database.DatabaseRefused;
import io.mailkeep.database.Room;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What must be true of a PostgreSQL before mail is entrusted to it ({@code FLT-28}): a commit that
 * was answered survives, and a room can't see what isn't its own.
 */
public final class ServerChecks {
    private static final int VERSION_MIN = 15;

    private ServerChecks() {}

    /** Refuses a server that would lose data, is too old, or compares text in another way. */
    public static void require(Connection connection) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < VERSION_MIN) {
            throw new DatabaseRefused(
                    "PostgreSQL "
                            + version
                            + " is too old: Mailkeep needs "
                            + VERSION_MIN
                            + " or newer");
        }
        // First: whoever isn't one may not even look at all that follows.
        if (!text(connection, "select rolsuper::text from pg_roles where rolname = current_user")
                .equals("true")) {
            throw new DatabaseRefused(
                    "The database's owner must be a superuser: only one can take the built-in"
                            + " functions away that would lead around the walls between rooms");
        }
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            if (text(connection, "select current_setting('" + setting + "')").equals("off")) {
                throw new DatabaseRefused(
                        "PostgreSQL runs with "
                                + setting
                                + "=off, so mail that was confirmed can be lost in a power cut:"
                                + " set "
                                + setting
                                + "=on in postgresql.conf and reload it");
            }
        }
        String encoding = text(connection, "select current_setting('server_encoding')");
        if (!encoding.equals("UTF8")) {
            throw new DatabaseRefused(
                    "The database is encoded in "
                            + encoding
                            + ": create one with encoding UTF8 and template template0");
        }
        if (!text(
                        connection,
                        """
                        select (datcollversion is distinct from
                            pg_database_collation_actual_version(oid))::text
                        from pg_database where datname = current_database()\
                        """)
                .equals("false")) {
            throw new DatabaseRefused(
                    "The operating system's collation changed since the database was made, so its"
                            + " indexes may be wrong: reindex the database, then"
                            + " alter database ... refresh collation version");
        }
    }

    /**
     * Refuses a schema in which a wall is open: a table with tenants but without forced row-level
     * security, or a room's role that could step around it.
     */
    public static void requireWalls(Connection connection) throws SQLException {
        List<String> open =
                texts(
                        connection,
                        """
                        select c.oid::regclass::text from pg_class c
                        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                        where c.relkind in ('r', 'p') and c.relnamespace in (select oid from pg_namespace
                            where nspname in ('node', 'tickets', 'audit', 'tree', 'identity', 'mailbox'))
                        and not (c.relrowsecurity and c.relforcerowsecurity and exists (
                            select from pg_policy p where p.polrelid = c.oid and p.polname = 'one_tenant'))
                        order by 1\
                        """);
        if (!open.isEmpty()) {
            throw new DatabaseRefused(
                    "Row-level security is off for "
                            + String.join(", ", open)
                            + ": somebody changed the schema; switch it on again (alter table ..."
                            + " enable, force row level security)");
        }
        List<String> strong = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        select rolname from pg_roles r where rolname = any (?) and (rolsuper
                            or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
                            or exists (select from pg_auth_members m where m.member = r.oid))
                        order by 1\
                        """)) {
            String[] roles = Arrays.stream(Room.values()).map(Room::role).toArray(String[]::new);
            query.setArray(1, connection.createArrayOf("text", roles));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    strong.add(rows.getString(1));
                }
            }
        }
        if (!strong.isEmpty()) {
            throw new DatabaseRefused(
                    "The roles "
                            + String.join(", ", strong)
                            + " have more rights than their room may have: take superuser,"
                            + " bypassrls, createrole, createdb, replication and memberships away");
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        List<String> texts = texts(connection, sql);
        if (texts.size() != 1) {
            throw new IllegalStateException(texts.size() + " rows instead of one");
        }
        return texts.getFirst();
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
