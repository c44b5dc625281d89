package io.mailkeep.mailbox;

/** What a folder is for (RFC 6154). The code is stored. */
public enum SpecialUse {
    NONE(0),
    INBOX(1),
    ARCHIVE(2),
    DRAFTS(3),
    FLAGGED(4),
    JUNK(5),
    SENT(6),
    TRASH(7),
    ALL(8);

    private final int code;

    SpecialUse(int code) {
        this.code = code;
    }

    /** The number in the database. */
    public int code() {
        return code;
    }
}
