package io.mailkeep.keys.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.PairRow;
import io.mailkeep.keys.TreeStore.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Finds nodes, and makes them at their first use: tenant, class, mailbox with pair and routing
 * node, in one transaction.
 */
public final class Nodes {
    private final KeyTree tree;

    public Nodes(KeyTree tree) {
        this.tree = tree;
    }

    /** The pair of a mailbox for a class, without opening any key if it is there. */
    public PairRow pair(TenantId tenant, MailboxId mailbox, DataClass dataClass) {
        Function<Tx, Optional<NodeRow>> find =
                tx ->
                        tx.find(
                                tenant,
                                NodeKind.MAILBOX,
                                Optional.of(mailbox),
                                Optional.of(dataClass));
        Function<Tx, Optional<PairRow>> pair =
                tx -> find.apply(tx).flatMap(row -> tx.pair(tenant, row.node()));
        return tree.ring
                .use(() -> tree.store.transact(pair))
                .orElseGet(() ->
                        with(
                                find,
                                tx -> makeMailbox(tx, tenant, mailbox, dataClass),
                                (tx, row, key) -> tx.pair(tenant, row.node()).orElseThrow()));
    }

    /**
     * A leaf that is made at its first use, under a class node; its id is known beforehand. Never
     * replaced once it is there.
     */
    public byte[] classLeaf(TenantId tenant, DataClass dataClass, UUID leaf, LeafKind kind) {
        Optional<byte[]> there =
                withClass(
                        tenant,
                        dataClass,
                        (tx, row, key) ->
                                tx.leaves(tenant, List.of(leaf)).stream()
                                        .findFirst()
                                        .map(found -> tree.wraps.openLeaf(found, key)));
        return there.orElseGet(() ->
                tree.alone(() ->
                        tree.store.transact(tx -> {
                            NodeRow row = locked(tx, classOf(tx, tenant, dataClass));
                            return makeLeaf(tx, row, leaf, kind);
                        })));
    }

    private byte[] makeLeaf(Tx tx, NodeRow holder, UUID leaf, LeafKind kind) {
        byte[] holderKey = tree.ring.nodes().of(tx, holder);
        Optional<LeafRow> there = tx.leaves(holder.tenant(), List.of(leaf)).stream().findFirst();
        if (there.isPresent()) {
            return tree.wraps.openLeaf(there.get(), holderKey);
        }
        byte[] key = tree.freshKey();
        byte[] wrap = tree.wraps.leaf(holder.tenant(), holder.node(), leaf, kind, holderKey, key);
        tx.put(new LeafRow(holder.tenant(), leaf, kind, holder.node(), holder.key(), wrap));
        return key;
    }

    /** Works with a mailbox' routing node: names and profiles are of class <em>sensitive</em>. */
    public <T> T withRouting(TenantId tenant, MailboxId mailbox, Work<T> work) {
        Function<Tx, Optional<NodeRow>> find =
                tx ->
                        tx.find(
                                tenant,
                                NodeKind.ROUTING,
                                Optional.of(mailbox),
                                Optional.of(DataClass.SENSITIVE));
        return with(
                find,
                tx -> {
                    makeMailbox(tx, tenant, mailbox, DataClass.SENSITIVE);
                    return find.apply(tx)
                            .orElseThrow(
                                    () -> new TamperedException("a routing node is gone", null));
                },
                work);
    }

    /** Works with a tenant's class node. */
    public <T> T withClass(TenantId tenant, DataClass dataClass, Work<T> work) {
        return with(
                tx -> tx.find(tenant, NodeKind.CLASS, Optional.empty(), Optional.of(dataClass)),
                tx -> classOf(tx, tenant, dataClass),
                work);
    }

    /** What is done with a node, in the transaction it was read in. */
    @FunctionalInterface
    public interface Work<T> {
        /** The node's row, which is what its key was opened from. */
        T with(Tx tx, NodeRow row, byte[] key);
    }

    private <T> T with(
            Function<Tx, Optional<NodeRow>> find, Function<Tx, NodeRow> make, Work<T> work) {
        Optional<T> done =
                tree.ring.use(() ->
                        tree.store.transact(tx -> find.apply(tx).map(row -> apply(tx, row, work))));
        return done.orElseGet(() ->
                tree.alone(() ->
                        tree.store.transact(tx -> {
                            NodeRow row = find.apply(tx).orElseGet(() -> make.apply(tx));
                            return apply(tx, row, work);
                        })));
    }

    private <T> T apply(Tx tx, NodeRow row, Work<T> work) {
        return work.with(tx, row, tree.ring.nodes().of(tx, row));
    }

    private NodeRow tenantOf(Tx tx, TenantId tenant) {
        Optional<NodeRow> there =
                tx.find(tenant, NodeKind.TENANT, Optional.empty(), Optional.empty());
        if (there.isPresent()) {
            return there.get();
        }
        long number = tx.state().orElseThrow(() -> new TamperedException("no epoch", null)).epoch();
        Epoch epoch =
                tree.ring.epochs().stream()
                        .filter(one -> one.number() == number)
                        .findFirst()
                        .orElseThrow(() -> new TamperedException("no key of this epoch", null));
        var id = tree.freshKeyId();
        NodeRow row =
                new NodeRow(
                        tenant,
                        tree.freshNodeId(),
                        Optional.empty(),
                        NodeKind.TENANT,
                        Optional.empty(),
                        Optional.empty(),
                        id,
                        tree.wraps.top(epoch, tenant, id, tree.freshKey()),
                        false,
                        false,
                        Optional.empty());
        tx.put(row);
        return row;
    }

    private NodeRow classOf(Tx tx, TenantId tenant, DataClass dataClass) {
        Optional<NodeRow> there =
                tx.find(tenant, NodeKind.CLASS, Optional.empty(), Optional.of(dataClass));
        if (there.isPresent()) {
            return there.get();
        }
        NodeRow parent = locked(tx, tenantOf(tx, tenant));
        return put(
                tx,
                parent,
                tree.ring.nodes().of(tx, parent),
                new NodeRow(
                        tenant,
                        tree.freshNodeId(),
                        Optional.of(parent.node()),
                        NodeKind.CLASS,
                        Optional.of(dataClass),
                        Optional.empty(),
                        tree.freshKeyId(),
                        new byte[0],
                        false,
                        false,
                        Optional.empty()),
                tree.freshKey());
    }

    private NodeRow makeMailbox(Tx tx, TenantId tenant, MailboxId mailbox, DataClass dataClass) {
        NodeRow parent = locked(tx, classOf(tx, tenant, dataClass));
        byte[] key = tree.freshKey();
        NodeRow row =
                put(
                        tx,
                        parent,
                        tree.ring.nodes().of(tx, parent),
                        new NodeRow(
                                tenant,
                                tree.freshNodeId(),
                                Optional.of(parent.node()),
                                NodeKind.MAILBOX,
                                Optional.of(dataClass),
                                Optional.of(mailbox),
                                tree.freshKeyId(),
                                new byte[0],
                                false,
                                false,
                                Optional.empty()),
                        key);
        tx.put(freshPair(tree, row, key));
        put(
                tx,
                row,
                key,
                Rows.child(row, tree.freshNodeId(), NodeKind.ROUTING, tree.freshKeyId()),
                tree.freshKey());
        return row;
    }

    /** A new pair for a mailbox node. */
    static PairRow freshPair(KeyTree tree, NodeRow mailbox, byte[] mailboxKey) {
        Hpke.Pair pair = tree.hpke.generate();
        var id = tree.freshKeyId();
        return new PairRow(
                mailbox.tenant(),
                mailbox.node(),
                id,
                Hpke.SUITE,
                pair.publicKey(),
                tree.wraps.pair(
                        mailbox.tenant(), mailbox.node(), id, mailboxKey, pair.secretKey()));
    }

    private NodeRow locked(Tx tx, NodeRow row) {
        return tx.node(row.tenant(), row.node(), true)
                .orElseThrow(() -> new TamperedException("a node is gone", null));
    }

    private NodeRow put(Tx tx, NodeRow parent, byte[] parentKey, NodeRow bare, byte[] key) {
        byte[] wrap = tree.wraps.node(bare, parent.key(), parentKey, key);
        NodeRow row = Rows.withKey(bare, bare.key(), wrap);
        tx.put(row);
        return row;
    }
}
