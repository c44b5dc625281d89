package io.mailkeep.keys.internal;

import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.PairRow;
import io.mailkeep.keys.TreeStore.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Moves tails under buckets in the background. First a bucket is marked open with a token of this
 * work, committed; then wraps are made; then they are committed if leaf, pair, bucket key and token
 * are what they were and the bucket isn't frozen. Otherwise, and when this work dies, the bucket
 * stays open until it is re-keyed: a wrap that nobody knows of may lie somewhere.
 */
public final class Settler {
    private final KeyTree tree;

    public Settler(KeyTree tree) {
        this.tree = tree;
    }

    /** Wraps that are made and not committed. */
    public record Work(
            NodeRow bucket, NodeRow mailbox, PairRow pair, Map<LeafRow, LeafRow> wraps) {}

    /** Settles one mailbox' tail, up to a bucket; answers how many copies. */
    public int once(TenantId tenant, NodeId mailbox) {
        return begin(tenant, mailbox).map(this::commit).orElse(0);
    }

    /** Mailbox nodes with a tail, up to this many a tenant. */
    public List<NodeRow> waiting(int limit) {
        return tree.store.transact(tx ->
                tx.tenants().stream()
                        .flatMap(tenant -> tx.withTail(tenant, limit).stream())
                        .toList());
    }

    /** Opens a bucket and makes the wraps: the first durable step, and what is in flight. */
    public Optional<Work> begin(TenantId tenant, NodeId mailbox) {
        UUID token = tree.randomness.uuid();
        Optional<NodeRow> bucket =
                tree.moving(() -> tree.store.transact(tx -> open(tx, tenant, mailbox, token)));
        return bucket.flatMap(row -> tree.ring.use(() -> tree.store.transact(tx -> wrap(tx, row))));
    }

    private Optional<NodeRow> open(Tx tx, TenantId tenant, NodeId node, UUID token) {
        Optional<NodeRow> mailbox = tx.node(tenant, node, true);
        if (mailbox.isEmpty() || tx.tail(tenant, node, 1).isEmpty()) {
            return Optional.empty();
        }
        for (NodeRow child : tx.children(tenant, node, true)) {
            if (child.kind() == NodeKind.BUCKET
                    && !child.frozen()
                    && child.openToken().isEmpty()
                    && tx.countHeldBy(tenant, child.node()) < Rekeying.BUCKET_MAX) {
                NodeRow opened = Rows.open(child, Optional.of(token));
                tx.put(opened);
                return Optional.of(opened);
            }
        }
        NodeRow bare =
                Rows.child(mailbox.get(), tree.freshNodeId(), NodeKind.BUCKET, tree.freshKeyId());
        byte[] parentKey = tree.ring.nodes().of(tx, mailbox.get());
        byte[] wrap = tree.wraps.node(bare, mailbox.get().key(), parentKey, tree.freshKey());
        NodeRow opened = Rows.open(Rows.withKey(bare, bare.key(), wrap), Optional.of(token));
        tx.put(opened);
        return Optional.of(opened);
    }

    private Optional<Work> wrap(Tx tx, NodeRow bucket) {
        TenantId tenant = bucket.tenant();
        Optional<NodeRow> mailbox =
                bucket.parent().flatMap(parent -> tx.node(tenant, parent, false));
        Optional<PairRow> pair = mailbox.flatMap(row -> tx.pair(tenant, row.node()));
        if (pair.isEmpty()) {
            return Optional.empty();
        }
        byte[] secret;
        byte[] key;
        try {
            secret = tree.ring.nodes().secretOf(tx, mailbox.get(), pair.get());
            key = tree.ring.nodes().of(tx, bucket);
        } catch (TamperedException rekeyedMeanwhile) {
            return Optional.empty();
        }
        int room = Rekeying.BUCKET_MAX - tx.countHeldBy(tenant, bucket.node());
        // Some may not open and stay where they are: those behind them don't wait for them.
        for (int looked = room; ; looked *= 2) {
            List<LeafRow> tail = tx.tail(tenant, pair.get().node(), looked);
            Map<LeafRow, LeafRow> wraps = settled(tail, bucket, pair.get(), key, secret, room);
            if (wraps.size() == room || tail.size() < looked) {
                return Optional.of(new Work(bucket, mailbox.get(), pair.get(), wraps));
            }
        }
    }

    private Map<LeafRow, LeafRow> settled(
            List<LeafRow> tail, NodeRow bucket, PairRow pair, byte[] key, byte[] secret, int room) {
        Map<LeafRow, LeafRow> wraps = new LinkedHashMap<>();
        for (LeafRow leaf : tail) {
            if (wraps.size() < room && leaf.holderKey().equals(pair.pair())) {
                settled(leaf, bucket, key, secret).ifPresent(after -> wraps.put(leaf, after));
            }
        }
        return wraps;
    }

    private Optional<LeafRow> settled(LeafRow leaf, NodeRow bucket, byte[] key, byte[] secret) {
        try {
            byte[] body =
                    tree.wraps.openTail(
                            leaf.tenant(), leaf.holder(), leaf.leaf(), secret, leaf.wrap());
            byte[] wrap =
                    tree.wraps.leaf(
                            leaf.tenant(),
                            bucket.node(),
                            leaf.leaf(),
                            LeafKind.COPY_SETTLED,
                            key,
                            body);
            return Optional.of(Rows.heldBy(leaf, LeafKind.COPY_SETTLED, bucket, wrap));
        } catch (TamperedException broken) {
            return Optional.empty();
        }
    }

    /** Commits the wraps, if nothing they rest on changed. */
    public int commit(Work work) {
        return tree.moving(() -> tree.store.transact(tx -> commit(tx, work)));
    }

    private int commit(Tx tx, Work work) {
        NodeRow before = work.bucket();
        Optional<NodeRow> mailbox = tx.node(before.tenant(), work.mailbox().node(), true);
        Optional<NodeRow> now = tx.node(before.tenant(), before.node(), true);
        Optional<PairRow> pair = tx.pair(before.tenant(), work.mailbox().node());
        if (mailbox.isEmpty()
                || now.isEmpty()
                || now.get().frozen()
                || !now.get().key().equals(before.key())
                || !now.get().openToken().equals(before.openToken())
                || pair.isEmpty()
                || !pair.get().pair().equals(work.pair().pair())) {
            return 0;
        }
        int settled = tx.replace(before.tenant(), work.wraps());
        if (settled == work.wraps().size()) {
            tx.put(Rows.open(now.get(), Optional.empty()));
        }
        return settled;
    }
}
