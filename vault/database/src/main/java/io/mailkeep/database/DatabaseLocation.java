package io.mailkeep.database;

import io.mailkeep.kernel.Secret;
import java.nio.file.Path;

/** Where PostgreSQL is. */
public sealed interface DatabaseLocation {
    /**
     * Our own PostgreSQL, started and stopped with this process.
     *
     * @param directory {@code DIR/postgres}: binaries, data, log, the owner's secret; made if
     *     absent
     */
    record Embedded(Path directory) implements DatabaseLocation {}

    /**
     * A PostgreSQL 15 or newer that somebody else runs. The cluster belongs to one installation:
     * the rooms' roles are cluster-wide.
     *
     * @param url {@code jdbc:postgresql://host:port/database}, without user and password
     * @param owner a superuser, used at start only (migrations, passwords, fence)
     */
    record External(String url, String owner, Secret password) implements DatabaseLocation {}
}
