package io.mailkeep.database;

import io.mailkeep.audit.Entry;
import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.TreeStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** A mailbox with an INBOX, its nodes and pair in the key tree, and deliveries for it. */
record MailboxFixture(
        TenantId tenant,
        MailboxId mailbox,
        FolderId inbox,
        NodeId top,
        NodeId node,
        NodeId bucket,
        KeyId pair) {
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    static MailboxFixture create(Database database, TenantId tenant) {
        MailboxFixture made =
                new MailboxFixture(
                        tenant,
                        new MailboxId(UUID.randomUUID()),
                        new FolderId(UUID.randomUUID()),
                        new NodeId(UUID.randomUUID()),
                        new NodeId(UUID.randomUUID()),
                        new NodeId(UUID.randomUUID()),
                        new KeyId(UUID.randomUUID()));
        database.room(Room.MAILBOX)
                .runInTenant(
                        tenant,
                        tx -> {
                            tx.sql()
                                    .sql(
                                            """
                                            insert into mailbox.mailbox (tenant_id, mailbox_id,
                                                uid_validity, created_at) values (?, ?, 7, ?)\
                                            """)
                                    .params(tenant.value(), made.mailbox.value(), utc())
                                    .update();
                            made.folder(tx, made.inbox, 1);
                        });
        new TreeTables(database.room(Room.TREE))
                .transact(tx -> {
                    tx.put(made.nodeRow(made.node, made.top, TreeStore.NodeKind.MAILBOX));
                    tx.put(made.nodeRow(made.bucket, made.node, TreeStore.NodeKind.BUCKET));
                    tx.put(made.pairRow(made.pair));
                    return true;
                });
        return made;
    }

    static OffsetDateTime utc() {
        return NOW.atOffset(ZoneOffset.UTC);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Entry entry(String text) {
        return new Entry(UUID.randomUUID(), NOW, bytes(text));
    }

    void folder(Tx tx, FolderId folder, int use) {
        tx.sql()
                .sql(
                        """
                        insert into mailbox.folder (tenant_id, mailbox_id, folder_id, leaf_id, name,
                            special_use, uid_validity) values (?, ?, ?, ?, ?, ?, 7)\
                        """)
                .params(
                        tenant.value(),
                        mailbox.value(),
                        folder.value(),
                        UUID.randomUUID(),
                        bytes("sealed"),
                        use)
                .update();
    }

    TreeStore.NodeRow nodeRow(NodeId id, NodeId parent, TreeStore.NodeKind kind) {
        return new TreeStore.NodeRow(
                tenant,
                id,
                Optional.of(parent),
                kind,
                Optional.of(DataClass.SENSITIVE),
                Optional.of(mailbox),
                new KeyId(new UUID(id.value().getMostSignificantBits(), 1)),
                bytes("wrap"),
                false,
                false,
                Optional.empty());
    }

    /** The key id that {@link #nodeRow} gives a node. */
    static KeyId keyOf(NodeId node) {
        return new KeyId(new UUID(node.value().getMostSignificantBits(), 1));
    }

    TreeStore.PairRow pairRow(KeyId id) {
        return new TreeStore.PairRow(tenant, node, id, 1, bytes("public"), bytes("wrap"));
    }

    DropboxCalls.Body body() {
        return new DropboxCalls.Body(
                tenant,
                new BlobId(UUID.randomUUID()),
                DataClass.SENSITIVE,
                new UUID(5, 5),
                64,
                900,
                800);
    }

    DropboxCalls.Copy copy(DropboxCalls.Body body) {
        return new DropboxCalls.Copy(
                tenant,
                mailbox,
                Optional.empty(),
                new CopyId(UUID.randomUUID()),
                body.blob(),
                DataClass.SENSITIVE,
                node,
                pair,
                bytes("tail wrap"),
                bytes("meta"),
                8,
                3L << 40,
                NOW,
                NOW,
                830,
                OptionalLong.of(1),
                entry("delivered"));
    }

    /** One body, one copy. */
    DropboxCalls.Group group() {
        DropboxCalls.Body body = body();
        return new DropboxCalls.Group(List.of(body), List.of(copy(body)));
    }

    /** How many bodies its company has. */
    long bodies(Database database) {
        return database.room(Room.MAILBOX)
                .inTenant(
                        tenant,
                        tx ->
                                tx.sql()
                                        .sql("select count(*) from mailbox.blob")
                                        .query(Long.class)
                                        .single());
    }

    /** Forgets a copy, as its destruction does. */
    boolean forget(TreeTables tree, CopyId copy) {
        return tree.transact(tx -> {
            tx.forgetCopies(tenant, mailbox, List.of(copy));
            return true;
        });
    }
}
