package io.mailkeep.keys.internal;

import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.PairRow;
import io.mailkeep.keys.TreeStore.Tx;
import io.mailkeep.tickets.AccessDenied;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * Opens leaves through the tree. What is looked at is the leaf's own place: a leaf that lies under
 * another mailbox than the one named isn't opened, whoever names it.
 */
public final class LeafOpener {
    private static final int TRIES = 3;

    private final KeyTree tree;

    public LeafOpener(KeyTree tree) {
        this.tree = tree;
    }

    /** A leaf made just now, stored by nobody yet. */
    public record Fresh(UUID leaf, byte[] key, byte[] wrap) {}

    /** A fresh leaf under a node. */
    public Fresh fresh(NodeRow holder, byte[] holderKey, LeafKind kind) {
        UUID leaf = tree.randomness.uuid();
        byte[] key = tree.freshKey();
        byte[] wrap = tree.wraps.leaf(holder.tenant(), holder.node(), leaf, kind, holderKey, key);
        return new Fresh(leaf, key, wrap);
    }

    /** Copies of one mailbox. */
    public Map<UUID, byte[]> copies(TenantId tenant, MailboxId mailbox, Collection<UUID> copies) {
        return opened(tenant, copies, (under, leaf) -> copy(under, mailbox, leaf));
    }

    /** Leaves that aren't copies; of one mailbox only, if one is given. */
    public Map<UUID, byte[]> names(
            TenantId tenant, Optional<MailboxId> mailbox, Collection<UUID> leaves) {
        return opened(tenant, leaves, (under, leaf) -> name(under, mailbox, leaf));
    }

    /** What one transaction has read already: many leaves lie under few nodes. */
    private static final class Under {
        private final Tx tx;
        private final Map<NodeId, NodeRow> holders = new HashMap<>();
        private final Map<NodeId, Optional<PairRow>> pairs = new HashMap<>();

        Under(Tx tx) {
            this.tx = tx;
        }

        NodeRow holder(LeafRow leaf) {
            return holders.computeIfAbsent(
                    leaf.holder(),
                    node ->
                            tx.node(leaf.tenant(), node, false)
                                    .orElseThrow(() ->
                                            new TamperedException("a leaf has no holder", null)));
        }

        PairRow pair(LeafRow leaf) {
            return pairs.computeIfAbsent(leaf.holder(), node -> tx.pair(leaf.tenant(), node))
                    .filter(row -> row.pair().equals(leaf.holderKey()))
                    .orElseThrow(() -> new TamperedException("a tail's pair is gone", null));
        }
    }

    private Map<UUID, byte[]> opened(
            TenantId tenant, Collection<UUID> ids, BiFunction<Under, LeafRow, byte[]> open) {
        if (ids.isEmpty()) {
            return tree.ring.use(Map::of);
        }
        for (int tried = 1; ; tried++) {
            try {
                return tree.ring.use(() ->
                        tree.store.transact(tx -> {
                            Under under = new Under(tx);
                            Map<UUID, byte[]> opened = new HashMap<>();
                            for (LeafRow leaf : tx.leaves(tenant, ids)) {
                                opened.put(leaf.leaf(), open.apply(under, leaf));
                            }
                            return opened;
                        }));
            } catch (TamperedException perhapsRekeyedMeanwhile) {
                if (tried == TRIES) {
                    throw perhapsRekeyedMeanwhile;
                }
            }
        }
    }

    private byte[] copy(Under under, MailboxId mailbox, LeafRow leaf) {
        NodeRow holder = under.holder(leaf);
        if (!holder.mailbox().equals(Optional.of(mailbox))) {
            throw new AccessDenied("a copy of another mailbox was asked for");
        }
        return switch (leaf.kind()) {
            case COPY_TAIL -> {
                byte[] secret = tree.ring.nodes().secretOf(under.tx, holder, under.pair(leaf));
                yield tree.wraps.openTail(
                        leaf.tenant(), leaf.holder(), leaf.leaf(), secret, leaf.wrap());
            }
            case COPY_SETTLED -> open(under.tx, holder, leaf);
            case FOLDER_NAME, KEYWORD, INDEX, PROFILE, ADDRESS, ORGANISATION, SUBJECT, LOOKUP ->
                    throw new AccessDenied("a leaf that is no copy was asked for as one");
        };
    }

    private byte[] name(Under under, Optional<MailboxId> mailbox, LeafRow leaf) {
        NodeRow holder = under.holder(leaf);
        if (mailbox.isPresent()
                && holder.mailbox().isPresent()
                && !holder.mailbox().equals(mailbox)) {
            throw new AccessDenied("a name of another mailbox was asked for");
        }
        return switch (leaf.kind()) {
            case FOLDER_NAME, KEYWORD, PROFILE, ADDRESS, ORGANISATION ->
                    open(under.tx, holder, leaf);
            case COPY_TAIL, COPY_SETTLED, INDEX, SUBJECT, LOOKUP ->
                    throw new AccessDenied("a leaf that is no name was asked for as one");
        };
    }

    private byte[] open(Tx tx, NodeRow holder, LeafRow leaf) {
        if (!holder.key().equals(leaf.holderKey())) {
            throw new TamperedException("a leaf lies under a key that was replaced", null);
        }
        return tree.wraps.openLeaf(leaf, tree.ring.nodes().of(tx, holder));
    }
}
