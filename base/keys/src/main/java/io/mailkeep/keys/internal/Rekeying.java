package io.mailkeep.keys.internal;

import io.mailkeep.kernel.KeyId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.PairRow;
import io.mailkeep.keys.TreeStore.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives nodes new keys, within one transaction, and carries over what survives: children and leaves
 * are wrapped anew, a mailbox gets a new pair and its tail is settled, its index is dropped. Who
 * calls takes doomed leaves out <em>before</em>: none is ever written under a new key.
 */
final class Rekeying {
    /** Leaves in one bucket. */
    static final int BUCKET_MAX = 256;

    private static final Logger log = LoggerFactory.getLogger(Rekeying.class);

    private final KeyTree tree;
    private final Tx tx;
    private final Plan plan;

    /**
     * Which nodes get new keys.
     *
     * @param staysDirty they are marked for the next epoch change, too (a rotation)
     * @param freezes buckets take no new copies from now on (a rotation)
     */
    record Plan(Predicate<NodeRow> renews, boolean staysDirty, boolean freezes) {}

    /** A node before and after, with its keys. */
    record Held(NodeRow before, byte[] beforeKey, NodeRow after, byte[] afterKey) {
        static Held unchanged(NodeRow row, byte[] key) {
            return new Held(row, key, row, key);
        }
    }

    Rekeying(KeyTree tree, Tx tx, Plan plan) {
        this.tree = tree;
        this.tx = tx;
        this.plan = plan;
    }

    /** A tenant's node under an epoch's keys. */
    void tenant(NodeRow row, Epoch epoch) {
        byte[] old = tree.ring.nodes().of(tx, row);
        boolean renew = plan.renews().test(row);
        byte[] key = renew ? tree.freshKey() : old;
        KeyId id = renew ? tree.freshKeyId() : row.key();
        byte[] wrap = tree.wraps.top(epoch, row.tenant(), id, key);
        carry(new Held(row, old, after(row, id, wrap, renew), key), renew);
    }

    /** A node under its parent. */
    void node(NodeRow row, Held parent) {
        byte[] old = tree.wraps.openNode(row, parent.before().key(), parent.beforeKey());
        boolean renew = plan.renews().test(row);
        byte[] key = renew ? tree.freshKey() : old;
        KeyId id = renew ? tree.freshKeyId() : row.key();
        NodeRow named = Rows.withKey(row, id, row.wrap());
        byte[] wrap = tree.wraps.node(named, parent.after().key(), parent.afterKey(), key);
        carry(new Held(row, old, after(row, id, wrap, renew), key), renew);
    }

    private NodeRow after(NodeRow row, KeyId id, byte[] wrap, boolean renewed) {
        boolean frozen = row.frozen() || (plan.freezes() && row.kind() == NodeKind.BUCKET);
        NodeRow named = Rows.withKey(row, id, wrap);
        return renewed
                ? Rows.marked(named, plan.staysDirty(), frozen, java.util.Optional.empty())
                : Rows.marked(named, row.dirty(), frozen, row.openToken());
    }

    private void carry(Held held, boolean renewed) {
        tx.put(held.after());
        if (!renewed) {
            return;
        }
        List<NodeRow> children = tx.children(held.after().tenant(), held.after().node(), true);
        List<LeafRow> tail = List.of();
        PairRow pair = null;
        if (held.after().kind() == NodeKind.MAILBOX) {
            pair = renewPair(held);
        }
        List<LeafRow> leaves = tx.heldBy(held.after().tenant(), held.after().node());
        if (pair != null) {
            tail = leaves.stream().filter(leaf -> leaf.kind() == LeafKind.COPY_TAIL).toList();
        }
        for (NodeRow child : children) {
            child(child, held);
        }
        for (LeafRow leaf : leaves) {
            leaf(leaf, held);
        }
        if (pair != null) {
            settle(tail, pair, held);
        }
    }

    private void child(NodeRow child, Held parent) {
        if (child.kind() == NodeKind.BUCKET
                && (child.dirty() || child.frozen())
                && child.openToken().isEmpty()
                && tx.heldBy(child.tenant(), child.node()).isEmpty()) {
            tx.remove(child.tenant(), child.node());
            return;
        }
        node(child, parent);
    }

    /** The pair that was; the new one takes its place. */
    private PairRow renewPair(Held held) {
        PairRow old =
                tx.pair(held.before().tenant(), held.before().node())
                        .orElseThrow(() -> new TamperedException("a mailbox lost its pair", null));
        tx.put(Nodes.freshPair(tree, held.after(), held.afterKey()));
        return old;
    }

    private void leaf(LeafRow leaf, Held held) {
        switch (leaf.kind()) {
            case COPY_TAIL -> {}
            case INDEX -> tx.removeLeaves(leaf.tenant(), Set.of(leaf.leaf()));
            case COPY_SETTLED,
                    FOLDER_NAME,
                    KEYWORD,
                    PROFILE,
                    ADDRESS,
                    ORGANISATION,
                    SUBJECT,
                    LOOKUP -> {
                if (!leaf.holderKey().equals(held.before().key())) {
                    unreadable(leaf);
                    return;
                }
                byte[] body = tree.wraps.openLeaf(leaf, held.beforeKey());
                byte[] wrap =
                        tree.wraps.leaf(
                                leaf.tenant(),
                                leaf.holder(),
                                leaf.leaf(),
                                leaf.kind(),
                                held.afterKey(),
                                body);
                tx.replace(leaf, Rows.heldBy(leaf, leaf.kind(), held.after(), wrap));
            }
        }
    }

    /** Everything in the tail into new buckets: nothing stays under a pair that is gone. */
    private void settle(List<LeafRow> tail, PairRow pair, Held mailbox) {
        byte[] secret = tree.wraps.openPair(pair, mailbox.beforeKey());
        List<LeafRow> left = new ArrayList<>(tail);
        while (!left.isEmpty()) {
            List<LeafRow> some = left.subList(0, Math.min(BUCKET_MAX, left.size()));
            Held bucket = freshBucket(mailbox);
            for (LeafRow leaf : some) {
                settleOne(leaf, pair, secret, bucket);
            }
            some.clear();
        }
    }

    private void settleOne(LeafRow leaf, PairRow pair, byte[] secret, Held bucket) {
        byte[] body;
        try {
            if (!leaf.holderKey().equals(pair.pair())) {
                unreadable(leaf);
                return;
            }
            body =
                    tree.wraps.openTail(
                            leaf.tenant(), leaf.holder(), leaf.leaf(), secret, leaf.wrap());
        } catch (TamperedException broken) {
            unreadable(leaf);
            return;
        }
        byte[] wrap =
                tree.wraps.leaf(
                        leaf.tenant(),
                        bucket.after().node(),
                        leaf.leaf(),
                        LeafKind.COPY_SETTLED,
                        bucket.afterKey(),
                        body);
        tx.replace(leaf, Rows.heldBy(leaf, LeafKind.COPY_SETTLED, bucket.after(), wrap));
    }

    private Held freshBucket(Held mailbox) {
        byte[] key = tree.freshKey();
        NodeRow bare =
                Rows.child(mailbox.after(), tree.freshNodeId(), NodeKind.BUCKET, tree.freshKeyId());
        byte[] wrap = tree.wraps.node(bare, mailbox.after().key(), mailbox.afterKey(), key);
        NodeRow row = Rows.withKey(bare, bare.key(), wrap);
        tx.put(row);
        return Held.unchanged(row, key);
    }

    /** One leaf that nothing opens mustn't hold up the destruction of others; doctor tells it. */
    private static void unreadable(LeafRow leaf) {
        UUID id = leaf.leaf();
        log.atError().addKeyValue("leaf", id).log("A leaf can't be opened; run: mailkeep doctor");
    }
}
