package io.mailkeep.database.internal;

import io.mailkeep.audit.Entry;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TreeStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The statements of one tree transaction. The tenant that row-level security sees is switched to
 * the one each call names; statements name it again.
 */
public final class TreeRows implements TreeStore.Tx {
    private static final String NODE =
            "select tenant_id, node_id, parent_id, kind, data_class, mailbox_id, key_id, wrap, dirty,"
                    + " frozen, open_token from tree.node where tenant_id = ?";
    private static final String LEAF =
            "select tenant_id, leaf_id, kind, holder, holder_key_id, wrap from tree.leaf"
                    + " where tenant_id = ?";

    /** In clear, so that the index of tails is used whatever plan is kept. */
    private static final String TAIL = "kind = " + LeafKind.COPY_TAIL.code();

    private final JdbcClient sql;
    private final Consumer<UUID> switchTenant;
    private final Consumer<Entry> audit;
    private Optional<TenantId> seen = Optional.empty();

    public TreeRows(JdbcClient sql, Consumer<UUID> switchTenant, Consumer<Entry> audit) {
        this.sql = sql;
        this.switchTenant = switchTenant;
        this.audit = audit;
    }

    @Override
    public Optional<TreeStore.State> state() {
        return sql.sql("select epoch, other from tree.state for share")
                .query((row, n) -> new TreeStore.State(row.getLong(1), row.getLong(2)))
                .optional();
    }

    @Override
    public void put(TreeStore.State state) {
        sql.sql(
                        """
                        insert into tree.state (epoch, other) values (?, ?)
                        on conflict (one) do update
                        set epoch = excluded.epoch, other = excluded.other\
                        """)
                .params(state.epoch(), state.other())
                .update();
    }

    @Override
    public List<TenantId> tenants() {
        return sql.sql("select tenant from tree.tenants() as t (tenant) order by tenant")
                .query((row, n) -> new TenantId(uuid(row, 1)))
                .list();
    }

    @Override
    public Optional<TreeStore.NodeRow> node(TenantId tenant, NodeId node, boolean lock) {
        see(tenant);
        return sql.sql(NODE + " and node_id = ?" + (lock ? " for update" : ""))
                .params(tenant.value(), node.value())
                .query((row, n) -> nodeRow(row))
                .optional();
    }

    @Override
    public Optional<TreeStore.NodeRow> find(
            TenantId tenant,
            TreeStore.NodeKind kind,
            Optional<MailboxId> mailbox,
            Optional<DataClass> dataClass) {
        see(tenant);
        return sql.sql(
                        NODE
                                + " and kind = ? and mailbox_id is not distinct from ?::uuid"
                                + " and data_class is not distinct from ?::smallint")
                .param(tenant.value())
                .param(kind.code())
                .param(mailbox.map(MailboxId::value).orElse(null))
                .param(dataClass.map(DataClass::code).orElse(null))
                .query((row, n) -> nodeRow(row))
                .optional();
    }

    @Override
    public List<TreeStore.NodeRow> children(TenantId tenant, NodeId parent, boolean lock) {
        see(tenant);
        return sql.sql(NODE + " and parent_id = ? order by node_id" + (lock ? " for update" : ""))
                .params(tenant.value(), parent.value())
                .query((row, n) -> nodeRow(row))
                .list();
    }

    @Override
    public List<TreeStore.NodeRow> dirty(TenantId tenant) {
        see(tenant);
        return sql.sql(NODE + " and dirty order by node_id")
                .params(tenant.value())
                .query((row, n) -> nodeRow(row))
                .list();
    }

    @Override
    public void put(TreeStore.NodeRow node) {
        see(node.tenant());
        sql.sql(
                        """
                        insert into tree.node (tenant_id, node_id, parent_id, kind, data_class,
                            mailbox_id, key_id, wrap, dirty, frozen, open_token)
                        values (?, ?, ?::uuid, ?, ?::smallint, ?::uuid, ?, ?, ?, ?, ?::uuid)
                        on conflict (tenant_id, node_id) do update
                        set parent_id = excluded.parent_id, kind = excluded.kind,
                            data_class = excluded.data_class, mailbox_id = excluded.mailbox_id,
                            key_id = excluded.key_id, wrap = excluded.wrap,
                            dirty = excluded.dirty, frozen = excluded.frozen,
                            open_token = excluded.open_token\
                        """)
                .param(node.tenant().value())
                .param(node.node().value())
                .param(node.parent().map(NodeId::value).orElse(null))
                .param(node.kind().code())
                .param(node.dataClass().map(DataClass::code).orElse(null))
                .param(node.mailbox().map(MailboxId::value).orElse(null))
                .param(node.key().value())
                .param(node.wrap())
                .param(node.dirty())
                .param(node.frozen())
                .param(node.openToken().orElse(null))
                .update();
    }

    @Override
    public void remove(TenantId tenant, NodeId node) {
        see(tenant);
        // Its pair goes with it: on delete cascade.
        sql.sql("delete from tree.node where tenant_id = ? and node_id = ?")
                .params(tenant.value(), node.value())
                .update();
    }

    @Override
    public Optional<TreeStore.PairRow> pair(TenantId tenant, NodeId node) {
        see(tenant);
        return sql.sql(
                        """
                        select tenant_id, node_id, pair_id, suite, public_key, wrap from tree.pair
                        where tenant_id = ? and node_id = ?\
                        """)
                .params(tenant.value(), node.value())
                .query((row, n) ->
                        new TreeStore.PairRow(
                                new TenantId(uuid(row, 1)),
                                new NodeId(uuid(row, 2)),
                                new KeyId(uuid(row, 3)),
                                row.getInt(4),
                                row.getBytes(5),
                                row.getBytes(6)))
                .optional();
    }

    @Override
    public void put(TreeStore.PairRow pair) {
        see(pair.tenant());
        sql.sql(
                        """
                        insert into tree.pair (tenant_id, node_id, pair_id, suite, public_key, wrap)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict (tenant_id, node_id) do update
                        set pair_id = excluded.pair_id, suite = excluded.suite,
                            public_key = excluded.public_key, wrap = excluded.wrap\
                        """)
                .params(
                        pair.tenant().value(),
                        pair.node().value(),
                        pair.pair().value(),
                        pair.suite(),
                        pair.publicKey(),
                        pair.wrap())
                .update();
    }

    @Override
    public List<TreeStore.LeafRow> leaves(TenantId tenant, Collection<UUID> ids) {
        see(tenant);
        return sql.sql(LEAF + " and leaf_id = any (?) order by leaf_id")
                .params(tenant.value(), array(ids))
                .query((row, n) -> leafRow(row))
                .list();
    }

    @Override
    public List<TreeStore.LeafRow> heldBy(TenantId tenant, NodeId holder) {
        see(tenant);
        return sql.sql(LEAF + " and holder = ? order by leaf_id")
                .params(tenant.value(), holder.value())
                .query((row, n) -> leafRow(row))
                .list();
    }

    @Override
    public int countHeldBy(TenantId tenant, NodeId holder) {
        see(tenant);
        return sql.sql("select count(*)::int from tree.leaf where tenant_id = ? and holder = ?")
                .params(tenant.value(), holder.value())
                .query((row, n) -> row.getInt(1))
                .single();
    }

    @Override
    public List<TreeStore.LeafRow> tail(TenantId tenant, NodeId holder, int limit) {
        see(tenant);
        return sql.sql(LEAF + " and holder = ? and " + TAIL + " order by leaf_id limit ?")
                .params(tenant.value(), holder.value(), limit)
                .query((row, n) -> leafRow(row))
                .list();
    }

    @Override
    public List<TreeStore.NodeRow> withTail(TenantId tenant, int limit) {
        see(tenant);
        return sql.sql(
                        NODE
                                + " and node_id in (select holder from tree.leaf where tenant_id = ? and "
                                + TAIL
                                + " group by holder order by count(*) desc limit ?)")
                .params(tenant.value(), tenant.value(), limit)
                .query((row, n) -> nodeRow(row))
                .list();
    }

    @Override
    public List<TreeStore.LeafRow> orphanLeaves(TenantId tenant) {
        see(tenant);
        return sql.sql(
                        LEAF
                                + " and holder not in (select node_id from tree.node where"
                                + " tenant_id = ?) order by leaf_id")
                .params(tenant.value(), tenant.value())
                .query((row, n) -> leafRow(row))
                .list();
    }

    @Override
    public Map<TreeStore.NodeKind, Long> countNodes(TenantId tenant) {
        see(tenant);
        Map<TreeStore.NodeKind, Long> counts = new EnumMap<>(TreeStore.NodeKind.class);
        sql.sql("select kind, count(*) from tree.node where tenant_id = ? group by kind")
                .params(tenant.value())
                .query((row, n) -> counts.put(nodeKind(row.getInt(1)), row.getLong(2)) == null)
                .list();
        return counts;
    }

    @Override
    public Map<LeafKind, Long> countLeaves(TenantId tenant) {
        see(tenant);
        Map<LeafKind, Long> counts = new EnumMap<>(LeafKind.class);
        sql.sql("select kind, count(*) from tree.leaf where tenant_id = ? group by kind")
                .params(tenant.value())
                .query((row, n) -> counts.put(leafKind(row.getInt(1)), row.getLong(2)) == null)
                .list();
        return counts;
    }

    @Override
    public void put(TreeStore.LeafRow leaf) {
        see(leaf.tenant());
        sql.sql(
                        """
                        insert into tree.leaf (tenant_id, leaf_id, kind, holder, holder_key_id, wrap)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict (tenant_id, leaf_id) do update
                        set kind = excluded.kind, holder = excluded.holder,
                            holder_key_id = excluded.holder_key_id, wrap = excluded.wrap\
                        """)
                .params(
                        leaf.tenant().value(),
                        leaf.leaf(),
                        leaf.kind().code(),
                        leaf.holder().value(),
                        leaf.holderKey().value(),
                        leaf.wrap())
                .update();
    }

    @Override
    public int replace(TenantId tenant, Map<TreeStore.LeafRow, TreeStore.LeafRow> leaves) {
        see(tenant);
        List<TreeStore.LeafRow> before = List.copyOf(leaves.keySet());
        List<TreeStore.LeafRow> after = before.stream().map(leaves::get).toList();
        leaves.forEach((was, is) -> {
            if (!was.tenant().equals(tenant)
                    || !is.tenant().equals(tenant)
                    || !was.leaf().equals(is.leaf())) {
                throw new IllegalArgumentException("a leaf is replaced by itself, re-wrapped");
            }
        });
        return sql.sql(
                        """
                        update tree.leaf l set kind = n.kind, holder = n.holder,
                            holder_key_id = n.holder_key_id, wrap = n.wrap
                        from unnest(?, ?::smallint[], ?, ?, ?, ?::smallint[], ?, ?, ?) as n (leaf_id,
                            old_kind, old_holder, old_key, old_wrap, kind, holder, holder_key_id, wrap)
                        where l.tenant_id = ? and l.leaf_id = n.leaf_id and l.kind = n.old_kind
                        and l.holder = n.old_holder and l.holder_key_id = n.old_key
                        and l.wrap = n.old_wrap\
                        """)
                .param(array(before.stream().map(TreeStore.LeafRow::leaf).toList()))
                .param(kinds(before))
                .param(array(before.stream().map(row -> row.holder().value()).toList()))
                .param(array(before.stream().map(row -> row.holderKey().value()).toList()))
                .param(wraps(before))
                .param(kinds(after))
                .param(array(after.stream().map(row -> row.holder().value()).toList()))
                .param(array(after.stream().map(row -> row.holderKey().value()).toList()))
                .param(wraps(after))
                .param(tenant.value())
                .update();
    }

    private static Integer[] kinds(List<TreeStore.LeafRow> rows) {
        return rows.stream().map(row -> row.kind().code()).toArray(Integer[]::new);
    }

    private static byte[][] wraps(List<TreeStore.LeafRow> rows) {
        return rows.stream().map(TreeStore.LeafRow::wrap).toArray(byte[][]::new);
    }

    @Override
    public void removeLeaves(TenantId tenant, Collection<UUID> ids) {
        see(tenant);
        sql.sql("delete from tree.leaf where tenant_id = ? and leaf_id = any (?)")
                .params(tenant.value(), array(ids))
                .update();
    }

    @Override
    public void tomb(TenantId tenant, Collection<UUID> ids, int state, long epoch) {
        see(tenant);
        sql.sql(
                        """
                        insert into tree.tomb (tenant_id, leaf_id, state, epoch)
                        select ?, leaf, ?, ? from unnest(?) as u (leaf)
                        on conflict (tenant_id, leaf_id) do update
                        set state = excluded.state, epoch = excluded.epoch\
                        """)
                .params(tenant.value(), state, epoch, array(ids))
                .update();
    }

    @Override
    public List<TreeStore.TombRow> tombs(TenantId tenant, int state) {
        see(tenant);
        return sql.sql(
                        """
                        select leaf_id, state, epoch from tree.tomb
                        where tenant_id = ? and state = ? order by leaf_id\
                        """)
                .params(tenant.value(), state)
                .query((row, n) ->
                        new TreeStore.TombRow(tenant, uuid(row, 1), row.getInt(2), row.getLong(3)))
                .list();
    }

    @Override
    public List<TreeStore.SuccRow> successors(TenantId tenant, Collection<UUID> ids) {
        see(tenant);
        return sql.sql(
                        """
                        select old_id, new_id from tree.succ
                        where tenant_id = ? and old_id = any (?) order by old_id\
                        """)
                .params(tenant.value(), array(ids))
                .query((row, n) -> new TreeStore.SuccRow(tenant, uuid(row, 1), uuid(row, 2)))
                .list();
    }

    @Override
    public void forgetCopies(TenantId tenant, MailboxId mailbox, Collection<CopyId> copies) {
        see(tenant);
        sql.sql("select mailbox.forget(?, ?, ?)")
                .params(
                        tenant.value(),
                        mailbox.value(),
                        copies.stream().map(CopyId::value).toArray(UUID[]::new))
                .query((row, n) -> true)
                .list();
    }

    @Override
    public List<TreeStore.HiddenCopy> hiddenCopies(TenantId tenant, Instant before) {
        see(tenant);
        return sql.sql("select mailbox_id, data_class, copy_id from mailbox.hidden(?, ?)")
                .params(tenant.value(), before.atOffset(ZoneOffset.UTC))
                .query((row, n) ->
                        new TreeStore.HiddenCopy(
                                tenant,
                                new MailboxId(uuid(row, 1)),
                                DataClass.ofCode(row.getInt(2)),
                                new CopyId(uuid(row, 3))))
                .list();
    }

    @Override
    public void audit(Entry entry) {
        audit.accept(entry);
    }

    private void see(TenantId tenant) {
        if (seen.isEmpty() || !seen.get().equals(tenant)) {
            switchTenant.accept(tenant.value());
            seen = Optional.of(tenant);
        }
    }

    private static UUID[] array(Collection<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }

    private static UUID uuid(ResultSet row, int column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    private static Optional<UUID> optional(ResultSet row, int column) throws SQLException {
        @Nullable UUID value = row.getObject(column, UUID.class);
        return Optional.ofNullable(value);
    }

    private static TreeStore.NodeRow nodeRow(ResultSet row) throws SQLException {
        int dataClass = row.getInt(5);
        boolean classless = row.wasNull();
        return new TreeStore.NodeRow(
                new TenantId(uuid(row, 1)),
                new NodeId(uuid(row, 2)),
                optional(row, 3).map(NodeId::new),
                nodeKind(row.getInt(4)),
                classless ? Optional.empty() : Optional.of(DataClass.ofCode(dataClass)),
                optional(row, 6).map(MailboxId::new),
                new KeyId(uuid(row, 7)),
                row.getBytes(8),
                row.getBoolean(9),
                row.getBoolean(10),
                optional(row, 11));
    }

    private static TreeStore.LeafRow leafRow(ResultSet row) throws SQLException {
        return new TreeStore.LeafRow(
                new TenantId(uuid(row, 1)),
                uuid(row, 2),
                leafKind(row.getInt(3)),
                new NodeId(uuid(row, 4)),
                new KeyId(uuid(row, 5)),
                row.getBytes(6));
    }

    private static TreeStore.NodeKind nodeKind(int code) {
        for (TreeStore.NodeKind one : TreeStore.NodeKind.values()) {
            if (one.code() == code) {
                return one;
            }
        }
        throw new IllegalStateException("no kind of node has code " + code);
    }

    private static LeafKind leafKind(int code) {
        for (LeafKind one : LeafKind.values()) {
            if (one.code() == code) {
                return one;
            }
        }
        throw new IllegalStateException("no kind of leaf has code " + code);
    }
}
