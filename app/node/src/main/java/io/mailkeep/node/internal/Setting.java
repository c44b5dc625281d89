package io.mailkeep.node.internal;

import java.util.Optional;

/**
 * Every key of {@code mailkeep.yaml}, in the order in which the file lists them, with its default
 * and what it is for. There is no other: an unknown key stops the start.
 */
enum Setting {
    HOST(
            "host",
            "localhost",
            "Host name of this server: in greetings, Received lines and the certificate."),
    LISTEN(
            "listen",
            "127.0.0.1",
            "Address to listen on; 0.0.0.0 or :: for all. Administration and health stay on loopback."),
    PORT_OFFSET(
            "port-offset",
            "10000",
            "Added to each port below, so that an ordinary user can start the server; 0 for production."),
    PORT_SMTP("ports.smtp", "25", "Mail from other servers (RFC 5321), STARTTLS."),
    PORT_SUBMISSION("ports.submission", "587", "Mail from our users (RFC 6409), STARTTLS."),
    PORT_SUBMISSIONS(
            "ports.submissions", "465", "Mail from our users, TLS from the first byte (RFC 8314)."),
    PORT_LMTP(
            "ports.lmtp",
            "24",
            "Mail from a queue on this machine, such as Postfix' (RFC 2033); always on 127.0.0.1, without TLS."),
    PORT_IMAP("ports.imap", "143", "Reading mail (RFC 9051), STARTTLS."),
    PORT_IMAPS("ports.imaps", "993", "Reading mail, TLS from the first byte."),
    PORT_HTTPS("ports.https", "443", "The web."),
    PORT_ADMIN("ports.admin", "9443", "The command line's administration API; always on loopback."),
    PORT_HEALTH("ports.health", "8080", "Health and metrics; always on loopback, without TLS."),
    PROXY_FROM(
            "proxy.from",
            "",
            "Addresses or networks of proxies, separated by commas: each sends PROXY headers (version 2) to the mail"
                    + " ports and is believed about its clients. 127.0.0.1 here shuts out this machine's commands."),
    CERTIFICATE(
            "certificates.chain",
            "",
            "PEM file of the server's certificate and chain; empty: one is made by Mailkeep's own CA."),
    CERTIFICATE_KEY(
            "certificates.key", "", "PEM file of the private key (PKCS#8) that belongs to it."),
    DATABASE_URL(
            "database.url",
            "",
            "jdbc:postgresql://… of an own PostgreSQL 15 or newer; empty: the built-in one."),
    DATABASE_USER("database.user", "", "Its owner role, which may create roles and schemas."),
    DATABASE_PASSWORD_FILE("database.password-file", "", "File that holds that role's password."),
    REGION("region", "default", "Region that this installation's data lies in."),
    VOLUME_PUBLIC(
            "volumes.public",
            "volumes/public",
            "Messages of class public. In production give each class a device of its own."),
    VOLUME_INTERNAL("volumes.internal", "volumes/internal", "Messages of class internal."),
    VOLUME_SENSITIVE(
            "volumes.sensitive",
            "volumes/sensitive",
            "Messages of class sensitive: all mail, unless a policy says otherwise."),
    VOLUME_CRITICAL("volumes.critical", "volumes/critical", "Messages of class critical."),
    SPOOL(
            "spool",
            "spool",
            "Messages on their way in, encrypted; empty whenever the server is stopped."),
    AUDIT_A("audit.a", "audit/a", "First copy of the audit log."),
    AUDIT_B("audit.b", "audit/b", "Second copy; in production on another device."),
    KEYS_A(
            "keys.a",
            "",
            "First key folder. Never on the data's device in production, never in a data backup."),
    KEYS_B("keys.b", "", "Second key folder."),
    MESSAGE_SIZE("limits.message-size", "50 MiB", "Largest message taken."),
    RECIPIENTS("limits.recipients", "100", "Recipients of one message."),
    CONNECTIONS("limits.connections", "2000", "Connections a listener holds at once."),
    CONNECTIONS_ADDRESS(
            "limits.connections-per-address",
            "200",
            "Connections of one network address at once, a listener."),
    CONNECTIONS_ACCOUNT(
            "limits.connections-per-account",
            "64",
            "Connections over which one account reads mail at once."),
    SPOOL_BYTES("limits.spool", "8 GiB", "Bytes of messages on their way in, in all."),
    EXPUNGED(
            "retention.expunged",
            "30 d",
            "How long an expunged message is kept, hidden, before its key is destroyed."),
    EPOCH(
            "retention.epoch-change",
            "24 h",
            "How often destroyed keys are put out of reach; two changes complete a destruction."),
    HEAP("heap", "512m", "Heap limit of the Java process: a number and k, m or g.");

    private final String key;
    private final String standard;
    private final String comment;

    Setting(String key, String standard, String comment) {
        this.key = key;
        this.standard = standard;
        this.comment = comment;
    }

    /** The dotted key. */
    String key() {
        return key;
    }

    /** The value where the file doesn't say otherwise. */
    String standard() {
        return standard;
    }

    /** What it is for, one sentence. */
    String comment() {
        return comment;
    }

    /** The setting with this dotted key. */
    static Optional<Setting> of(String key) {
        for (Setting one : values()) {
            if (one.key.equals(key)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
