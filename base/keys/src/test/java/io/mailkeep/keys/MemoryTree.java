package io.mailkeep.keys;

import io.mailkeep.audit.Entry;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The database in memory: transactions that commit wholly or not at all, every committed state kept
 * (for rollbacks), and every wrap ever written, committed or not (for the attacker).
 */
final class MemoryTree implements TreeStore {
    /** Everything that one commit leaves. */
    static final class Db {
        Optional<State> state = Optional.empty();
        final Map<NodeId, NodeRow> nodes = new LinkedHashMap<>();
        final Map<NodeId, PairRow> pairs = new LinkedHashMap<>();
        final Map<UUID, LeafRow> leaves = new LinkedHashMap<>();
        final Map<UUID, TombRow> tombs = new LinkedHashMap<>();
        final Map<UUID, UUID> successors = new LinkedHashMap<>();
        final Map<CopyId, Row> rows = new LinkedHashMap<>();

        Db copy() {
            Db copy = new Db();
            copy.state = state;
            copy.nodes.putAll(nodes);
            copy.pairs.putAll(pairs);
            copy.leaves.putAll(leaves);
            copy.tombs.putAll(tombs);
            copy.successors.putAll(successors);
            copy.rows.putAll(rows);
            return copy;
        }
    }

    /** A message's row, as the mailbox room has it. */
    record Row(TenantId tenant, MailboxId mailbox, DataClass dataClass, boolean hidden) {}

    /** A node's wrap with the generation of the parent it lies under. */
    record NodeWrap(NodeRow row, Optional<KeyId> parentKey) {}

    /** Wraps ever written. */
    final List<NodeWrap> nodeWraps = new ArrayList<>();

    final List<PairRow> pairWraps = new ArrayList<>();

    /** Entries of committed transactions, as the outbox gets them. */
    final List<Entry> audited = new ArrayList<>();

    final List<LeafRow> leafWraps = new ArrayList<>();
    final List<Db> history = new ArrayList<>();
    private Db current = new Db();

    /** Runs when a commit is asked for; may throw to simulate a crash before the answer. */
    Runnable committing = () -> {};

    /** What was to be committed when the process died: an old backend may still commit it. */
    Optional<Db> limbo = Optional.empty();

    /** Runs after each commit that changed something; may throw to simulate a crash. */
    Runnable committed = () -> {};

    synchronized Db now() {
        return current;
    }

    /** The database as it was. */
    synchronized void rollBackTo(Db earlier) {
        current = earlier.copy();
        history.add(current.copy());
    }

    @Override
    public synchronized <T> T transact(Function<Tx, T> work) {
        Work tx = new Work(current.copy());
        T result = work.apply(tx);
        if (tx.written) {
            limbo = Optional.of(tx.db);
            committing.run();
            limbo = Optional.empty();
            current = tx.db;
            history.add(current.copy());
            if (history.size() > 60) {
                history.removeFirst();
            }
            committed.run();
        }
        return result;
    }

    /** One transaction, with what other rooms do in theirs. */
    final class Work implements Tx {
        final Db db;
        boolean written;

        Work(Db db) {
            this.db = db;
        }

        @Override
        public Optional<State> state() {
            return db.state;
        }

        @Override
        public void put(State state) {
            written = true;
            db.state = Optional.of(state);
        }

        @Override
        public List<TenantId> tenants() {
            TreeSet<TenantId> tenants = new TreeSet<>(Comparator.comparing(TenantId::value));
            db.nodes.values().forEach(row -> tenants.add(row.tenant()));
            return List.copyOf(tenants);
        }

        @Override
        public Optional<NodeRow> node(TenantId tenant, NodeId node, boolean lock) {
            return Optional.ofNullable(db.nodes.get(node))
                    .filter(row -> row.tenant().equals(tenant));
        }

        @Override
        public Optional<NodeRow> find(
                TenantId tenant,
                NodeKind kind,
                Optional<MailboxId> mailbox,
                Optional<DataClass> dataClass) {
            return db.nodes.values().stream()
                    .filter(row -> row.tenant().equals(tenant) && row.kind() == kind)
                    .filter(row -> row.mailbox().equals(mailbox))
                    .filter(row -> row.dataClass().equals(dataClass))
                    .findFirst();
        }

        @Override
        public List<NodeRow> children(TenantId tenant, NodeId parent, boolean lock) {
            return db.nodes.values().stream()
                    .filter(row -> row.tenant().equals(tenant))
                    .filter(row -> row.parent().equals(Optional.of(parent)))
                    .sorted(Comparator.comparing(row -> row.node().value()))
                    .toList();
        }

        @Override
        public List<NodeRow> dirty(TenantId tenant) {
            return db.nodes.values().stream()
                    .filter(row -> row.tenant().equals(tenant) && row.dirty())
                    .toList();
        }

        @Override
        public void put(NodeRow node) {
            written = true;
            Optional<KeyId> parentKey =
                    node.parent().map(parent -> db.nodes.get(parent)).map(NodeRow::key);
            nodeWraps.add(new NodeWrap(node, parentKey));
            db.nodes.put(node.node(), node);
        }

        @Override
        public void remove(TenantId tenant, NodeId node) {
            written = true;
            db.nodes.remove(node);
            db.pairs.remove(node);
        }

        @Override
        public Optional<PairRow> pair(TenantId tenant, NodeId node) {
            return Optional.ofNullable(db.pairs.get(node))
                    .filter(row -> row.tenant().equals(tenant));
        }

        @Override
        public void put(PairRow pair) {
            written = true;
            pairWraps.add(pair);
            db.pairs.put(pair.node(), pair);
        }

        @Override
        public List<LeafRow> leaves(TenantId tenant, Collection<UUID> ids) {
            return ids.stream()
                    .map(db.leaves::get)
                    .filter(row -> row != null && row.tenant().equals(tenant))
                    .toList();
        }

        @Override
        public List<LeafRow> heldBy(TenantId tenant, NodeId holder) {
            return db.leaves.values().stream()
                    .filter(row -> row.tenant().equals(tenant) && row.holder().equals(holder))
                    .sorted(Comparator.comparing(LeafRow::leaf))
                    .toList();
        }

        @Override
        public int countHeldBy(TenantId tenant, NodeId holder) {
            return heldBy(tenant, holder).size();
        }

        @Override
        public List<LeafRow> tail(TenantId tenant, NodeId holder, int limit) {
            return heldBy(tenant, holder).stream()
                    .filter(row -> row.kind() == LeafKind.COPY_TAIL)
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<NodeRow> withTail(TenantId tenant, int limit) {
            Map<NodeId, Long> tails =
                    db.leaves.values().stream()
                            .filter(row -> row.tenant().equals(tenant))
                            .filter(row -> row.kind() == LeafKind.COPY_TAIL)
                            .collect(Collectors.groupingBy(LeafRow::holder, Collectors.counting()));
            return tails.entrySet().stream()
                    .sorted(Map.Entry.<NodeId, Long>comparingByValue().reversed())
                    .map(entry -> db.nodes.get(entry.getKey()))
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<LeafRow> orphanLeaves(TenantId tenant) {
            return db.leaves.values().stream()
                    .filter(row -> row.tenant().equals(tenant))
                    .filter(row -> !db.nodes.containsKey(row.holder()))
                    .toList();
        }

        @Override
        public Map<NodeKind, Long> countNodes(TenantId tenant) {
            Map<NodeKind, Long> counts = new EnumMap<>(NodeKind.class);
            db.nodes.values().stream()
                    .filter(row -> row.tenant().equals(tenant))
                    .forEach(row -> counts.merge(row.kind(), 1L, Long::sum));
            return counts;
        }

        @Override
        public Map<LeafKind, Long> countLeaves(TenantId tenant) {
            Map<LeafKind, Long> counts = new EnumMap<>(LeafKind.class);
            db.leaves.values().stream()
                    .filter(row -> row.tenant().equals(tenant))
                    .forEach(row -> counts.merge(row.kind(), 1L, Long::sum));
            return counts;
        }

        @Override
        public void put(LeafRow leaf) {
            written = true;
            leafWraps.add(leaf);
            db.leaves.put(leaf.leaf(), leaf);
        }

        @Override
        public int replace(TenantId tenant, Map<LeafRow, LeafRow> leaves) {
            int replaced = 0;
            for (Map.Entry<LeafRow, LeafRow> one : leaves.entrySet()) {
                if (one.getKey().equals(db.leaves.get(one.getKey().leaf()))) {
                    put(one.getValue());
                    replaced++;
                }
            }
            return replaced;
        }

        @Override
        public void removeLeaves(TenantId tenant, Collection<UUID> ids) {
            written |= !ids.isEmpty();
            ids.forEach(db.leaves::remove);
        }

        @Override
        public void tomb(TenantId tenant, Collection<UUID> ids, int state, long epoch) {
            written |= !ids.isEmpty();
            ids.forEach(id -> db.tombs.put(id, new TombRow(tenant, id, state, epoch)));
        }

        @Override
        public List<TombRow> tombs(TenantId tenant, int state) {
            return db.tombs.values().stream()
                    .filter(row -> row.tenant().equals(tenant) && row.state() == state)
                    .toList();
        }

        @Override
        public List<SuccRow> successors(TenantId tenant, Collection<UUID> ids) {
            return ids.stream()
                    .filter(db.successors::containsKey)
                    .map(id -> new SuccRow(tenant, id, db.successors.get(id)))
                    .toList();
        }

        @Override
        public void forgetCopies(TenantId tenant, MailboxId mailbox, Collection<CopyId> copies) {
            written |= !copies.isEmpty();
            copies.forEach(db.rows::remove);
        }

        @Override
        public List<HiddenCopy> hiddenCopies(TenantId tenant, Instant before) {
            List<HiddenCopy> hidden = new ArrayList<>();
            db.rows.forEach((copy, row) -> {
                if (row.hidden() && row.tenant().equals(tenant)) {
                    hidden.add(new HiddenCopy(tenant, row.mailbox(), row.dataClass(), copy));
                }
            });
            return hidden;
        }

        @Override
        public void audit(Entry entry) {
            audited.add(entry);
        }

        /** As {@code tree.drop_leaf}. */
        void dropLeaf(UUID leaf) {
            LeafRow row = db.leaves.remove(leaf);
            if (row != null) {
                written = true;
                markDirty(row.holder());
                long epoch = db.state.map(State::epoch).orElse(0L);
                db.tombs.putIfAbsent(leaf, new TombRow(row.tenant(), leaf, 1, epoch));
            }
        }

        /** As {@code tree.supersede}. */
        void supersede(UUID before, UUID after) {
            LeafRow row = db.leaves.remove(before);
            written = true;
            markDirty(row.holder());
            NodeRow holder = db.nodes.get(row.holder());
            if (holder.kind() == NodeKind.BUCKET) {
                markDirty(holder.parent().orElseThrow());
            }
            db.successors.put(before, after);
        }

        void markDirty(NodeId node) {
            NodeRow row = db.nodes.get(node);
            put(
                    new NodeRow(
                            row.tenant(),
                            row.node(),
                            row.parent(),
                            row.kind(),
                            row.dataClass(),
                            row.mailbox(),
                            row.key(),
                            row.wrap(),
                            true,
                            row.frozen(),
                            row.openToken()));
        }
    }
}
