package io.mailkeep.kernel;

/**
 * The closed catalogue of what is told on the audit log: audit, metrics, alerts and the claims wall
 * read this one.
 *
 * <p>The {@linkplain #id() id} is written to the log and never changes or is reused.
 */
public enum EventType {
    NODE_STARTED("node.started", "DAT-6"),
    NODE_STOPPED("node.stopped", "DAT-6"),
    SIGN_IN("identity.sign-in", "DAT-6"),
    TENANT_ADDED("identity.tenant-added", "CMP-5"),
    DOMAIN_ADDED("identity.domain-added", "CMP-5"),
    ACCOUNT_ADDED("identity.account-added", "ACC-1"),
    ACCOUNT_CHANGED("identity.account-changed", "ACC-1"),
    PASSWORD_CHANGED("identity.password-changed", "ACC-1"),
    DIRECTORY_READ("identity.directory-read", "DAT-6"),
    TICKET_DECISION("tickets.decision", "DAT-3"),
    TICKET_REVOKED("tickets.revoked", "DAT-3"),
    TICKETS_FORGED("tickets.forged", "DAT-3"),
    MAIL_DELIVERED("mailbox.delivered", "DAT-3"),
    MAIL_READ("mailbox.read", "DAT-6"),
    MAIL_CHANGED("mailbox.changed", "DAT-3"),
    FOLDER_CHANGED("mailbox.folder-changed", "DAT-3"),
    MAIL_REFUSED("transport.refused", "OPS-5"),
    TLS_INJECTION("net.tls-injection", "NET-1"),
    PROXY_FORGED("net.proxy-forged", "NET-2"),
    KEYS_UNSEALED("keys.unsealed", "DAT-4"),
    KEYS_SEALED("keys.sealed", "DAT-4"),
    KEYS_ROTATED("keys.rotated", "DAT-4"),
    KEYS_EPOCH("keys.epoch-changed", "DAT-5"),
    DESTRUCTION_STARTED("keys.destruction-started", "DAT-5"),
    DESTRUCTION_COMPLETE("keys.destruction-complete", "DAT-5"),
    ROLLBACK_ACCEPTED("keys.rollback-accepted", "DAT-5"),
    STORE_REPAIRED("segments.repaired", "DAT-6"),
    AUDIT_DEVICE_LOST("audit.device-lost", "DAT-6"),
    AUDIT_DEVICE_BACK("audit.device-back", "DAT-6"),
    AUDIT_DEVICE_REPLACED("audit.device-replaced", "DAT-6"),
    AUDIT_CHECKED("audit.checked", "DAT-6"),
    CLOCK_SET_BACK("node.clock-set-back", "DAT-6"),
    CLOCK_SET_AHEAD("node.clock-set-ahead", "DAT-6"),
    AUDIT_READ("audit.read", "DAT-6"),
    CLAIM_VERIFIED("claims.verified", "DAT-6"),
    ENTRIES_FOLDED("audit.entries-folded", "DAT-6");

    private final String id;
    private final String claim;

    EventType(String id, String claim) {
        this.id = id;
        this.claim = claim;
    }

    /** The stable name, {@code room.event}. */
    public String id() {
        return id;
    }

    /** The claim this event is evidence for. */
    public String claim() {
        return claim;
    }

    /** The type with this id; {@link IllegalArgumentException} for any other text. */
    public static EventType ofId(String id) {
        for (EventType one : values()) {
            if (one.id.equals(id)) {
                return one;
            }
        }
        throw new IllegalArgumentException("no event type " + id);
    }
}
