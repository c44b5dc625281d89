package io.mailkeep.keys.internal;

import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.PairRow;
import io.mailkeep.keys.TreeStore.State;
import io.mailkeep.keys.TreeStore.TombRow;
import io.mailkeep.keys.TreeStore.Tx;
import io.mailkeep.keys.internal.KeyFolder.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Recomputes the tree's invariants: every node opens under its parent and has its right parent;
 * every leaf's holder is there with that key id, and the leaf opens; no leaf is also told as
 * destroyed; every mailbox has a pair that opens; every folder at hand holds the epoch in force,
 * and none holds more than may be kept. That each row has its leaf and each leaf its row is checked
 * by the room that has the rows.
 */
public final class TreeCheck {
    private final KeyTree tree;

    public TreeCheck(KeyTree tree) {
        this.tree = tree;
    }

    /** A sentence for each broken invariant. */
    public List<String> run() {
        List<String> broken = new ArrayList<>();
        tree.alone(() ->
                tree.store.transact(tx -> {
                    Optional<State> state = tx.state();
                    if (state.isEmpty()) {
                        broken.add("The key tree has no epoch.");
                        return broken;
                    }
                    folders(state.get(), broken);
                    tx.tenants().forEach(tenant -> tenant(tx, tenant, broken));
                    return broken;
                }));
        return broken;
    }

    private void folders(State state, List<String> broken) {
        for (KeyFolder folder : tree.device.look()) {
            if (folder.standing != Standing.GOOD || !folder.damaged.isEmpty()) {
                broken.add(Device.tell(folder));
            } else if (!folder.epochs.containsKey(state.epoch())) {
                broken.add("Key folder " + folder.role + " lacks epoch " + state.epoch() + ".");
            } else {
                folder.numbers.headSet(state.epoch()).stream()
                        .filter(number -> number != state.other())
                        .forEach(number ->
                                broken.add(
                                        "Key folder "
                                                + folder.role
                                                + " still holds epoch "
                                                + number
                                                + "."));
            }
        }
    }

    private void tenant(Tx tx, TenantId tenant, List<String> broken) {
        for (LeafRow orphan : tx.orphanLeaves(tenant)) {
            broken.add("Leaf " + orphan.leaf() + " has no holder.");
        }
        for (int state = 1; state <= 3; state++) {
            List<UUID> gone = tx.tombs(tenant, state).stream().map(TombRow::leaf).toList();
            for (LeafRow leaf : tx.leaves(tenant, gone)) {
                broken.add("Leaf " + leaf.leaf() + " is told as destroyed, and there.");
            }
        }
        Optional<NodeRow> top =
                tx.find(tenant, NodeKind.TENANT, Optional.empty(), Optional.empty());
        if (top.isEmpty()) {
            broken.add("Tenant " + tenant + " has no node.");
            return;
        }
        try {
            node(tx, top.get(), tree.ring.nodes().of(tx, top.get()), broken);
        } catch (TamperedException closed) {
            broken.add("The key of tenant " + tenant + " doesn't open: " + closed.getMessage());
        }
    }

    private void node(Tx tx, NodeRow row, byte[] key, List<String> broken) {
        Optional<byte[]> secret = Optional.empty();
        Optional<PairRow> pair = tx.pair(row.tenant(), row.node());
        if (row.kind() == NodeKind.MAILBOX && pair.isEmpty()) {
            broken.add("Mailbox node " + row.node() + " has no pair.");
        }
        if (pair.isPresent()) {
            secret = opened(() -> tree.wraps.openPair(pair.get(), key), "Pair", row, broken);
        }
        List<LeafRow> leaves = tx.heldBy(row.tenant(), row.node());
        for (LeafRow leaf : leaves) {
            leaf(row, key, pair, secret, leaf, broken);
        }
        if (row.kind() == NodeKind.BUCKET && leaves.size() > Rekeying.BUCKET_MAX) {
            broken.add("Bucket " + row.node() + " holds " + leaves.size() + " leaves.");
        }
        for (NodeRow child : tx.children(row.tenant(), row.node(), false)) {
            if (!fits(row.kind(), child.kind()) || !labelled(row, child)) {
                broken.add("Node " + child.node() + " has a parent of the wrong kind.");
            }
            opened(() -> tree.wraps.openNode(child, row.key(), key), "Node", child, broken)
                    .ifPresent(childKey -> node(tx, child, childKey, broken));
        }
    }

    private static boolean fits(NodeKind parent, NodeKind child) {
        return switch (child) {
            case TENANT -> false;
            case CLASS -> parent == NodeKind.TENANT;
            case MAILBOX -> parent == NodeKind.CLASS;
            case BUCKET, ROUTING -> parent == NodeKind.MAILBOX;
        };
    }

    private static boolean labelled(NodeRow parent, NodeRow child) {
        boolean sameClass =
                parent.dataClass().isEmpty() || parent.dataClass().equals(child.dataClass());
        return sameClass
                && (parent.mailbox().isEmpty() || parent.mailbox().equals(child.mailbox()));
    }

    private void leaf(
            NodeRow holder,
            byte[] key,
            Optional<PairRow> pair,
            Optional<byte[]> secret,
            LeafRow leaf,
            List<String> broken) {
        boolean tail = leaf.kind() == LeafKind.COPY_TAIL;
        Object expected = tail ? pair.map(PairRow::pair).orElse(null) : holder.key();
        if (!leaf.holderKey().equals(expected)) {
            broken.add("Leaf " + leaf.leaf() + " lies under a key that was replaced.");
            return;
        }
        if (tail && secret.isEmpty()) {
            return;
        }
        try {
            if (tail) {
                tree.wraps.openTail(
                        leaf.tenant(),
                        leaf.holder(),
                        leaf.leaf(),
                        secret.orElseThrow(),
                        leaf.wrap());
            } else {
                tree.wraps.openLeaf(leaf, key);
            }
        } catch (TamperedException closed) {
            broken.add("Leaf " + leaf.leaf() + " doesn't open: " + closed.getMessage());
        }
    }

    private static Optional<byte[]> opened(
            java.util.function.Supplier<byte[]> open,
            String what,
            NodeRow row,
            List<String> broken) {
        try {
            return Optional.of(open.get());
        } catch (TamperedException closed) {
            broken.add(what + " " + row.node() + " doesn't open: " + closed.getMessage());
            return Optional.empty();
        }
    }
}
