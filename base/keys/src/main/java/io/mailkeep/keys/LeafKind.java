package io.mailkeep.keys;

/** What a leaf's key encrypts. The code is stored and never changes. */
public enum LeafKind {
    COPY_TAIL(1),
    COPY_SETTLED(2),
    FOLDER_NAME(3),
    KEYWORD(4),
    INDEX(5),
    /** An account's name and sign-in verifier; holder: the routing node of its mailbox. */
    PROFILE(6),
    /** One address; holder: the routing node of the account's mailbox. */
    ADDRESS(7),
    /** A tenant's or domain's name; holder: the tenant's class node <em>sensitive</em>. */
    ORGANISATION(8),
    /** A person's key for personal fields of the audit log. */
    SUBJECT(9),
    /**
     * The installation's key for finding addresses by keyed hash; holder: the installation tenant's
     * class node.
     */
    LOOKUP(10);

    private final int code;

    LeafKind(int code) {
        this.code = code;
    }

    /** The number in the database. */
    public int code() {
        return code;
    }
}
