package io.mailkeep.database;

/**
 * The rooms that reach the database, each under a PostgreSQL role of its own which sees its own
 * schema and nothing else ({@code ACC-3}).
 */
public enum Room {
    TREE("mk_tree", 4, 900),
    MAILBOX("mk_mailbox", 8, 30),
    /** May call one function: {@code mailbox.deliver_group}. */
    DROPBOX("mk_dropbox", 2, 30),
    IDENTITY("mk_identity", 6, 30),
    AUDIT("mk_audit", 3, 30),
    TICKETS("mk_tickets", 2, 10);

    private final String role;
    private final int connectionsMax;
    private final int statementSecondsMax;

    Room(String role, int connectionsMax, int statementSecondsMax) {
        this.role = role;
        this.connectionsMax = connectionsMax;
        this.statementSecondsMax = statementSecondsMax;
    }

    /** The name of the PostgreSQL role. */
    public String role() {
        return role;
    }

    /** How many connections the room's pool holds at most. */
    public int connectionsMax() {
        return connectionsMax;
    }

    /** After how long the server cancels a statement. An epoch change touches the whole tree. */
    public int statementSecondsMax() {
        return statementSecondsMax;
    }
}
