package io.mailkeep.tickets;

/**
 * What a ticket may allow. The {@linkplain #code() code} is part of the signed form and never
 * changes.
 */
public enum Operation {
    /** Look up whether and where mail for an address is delivered. */
    RESOLVE(1),
    /** Put a message into a mailbox; never read one. */
    DELIVER(2),
    /** Hand in a message as its sender. */
    SUBMIT(3),
    /** Read messages, flags and folder names. */
    READ(4),
    /** Change flags and keywords. */
    FLAG(5),
    /** Append, copy and move messages. */
    WRITE(6),
    /** Expunge messages. */
    EXPUNGE(7),
    /** Create, rename, delete and subscribe folders. */
    FOLDERS(8),
    /** Check a sign-in proof. */
    SIGN_IN(9),
    /** Add and change tenants, domains, accounts and aliases. */
    DIRECTORY(10),
    /** Seal, unseal, rotate and destroy keys. */
    KEYS(11),
    /** Read and verify the audit log. */
    AUDIT(12),
    /** Check the store's invariants, settle tails, sweep orphans; nothing clear is returned. */
    MAINTAIN(13),
    /** Run the claims probes. */
    CLAIMS(14);

    private final int code;

    Operation(int code) {
        this.code = code;
    }

    /** The number that stands for this operation in a ticket. */
    public int code() {
        return code;
    }
}
