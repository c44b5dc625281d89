package io.mailkeep.keys;

import io.mailkeep.audit.Entry;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The port to the key tree's rows: wraps only, never a key. Everything in one {@link #transact}
 * commits together or not at all, and only while this process holds the writer fence.
 *
 * <p>Other rooms' transactions that add, drop or supersede a leaf lock its holder first (a tail's:
 * the mailbox node, or its pair), and keep the lock until they commit: re-keying locks the same
 * rows, then reads the leaves.
 */
public interface TreeStore {
    /** Runs the work in one transaction; an exception rolls it back and is rethrown. */
    <T> T transact(Function<Tx, T> work);

    /**
     * The rows, within one transaction. A tenant is named in each call; no other tenant's row is
     * seen or changed.
     */
    interface Tx {
        /** Epoch numbers; empty before the tree was made. */
        Optional<State> state();

        /** Stores the epoch numbers. */
        void put(State state);

        /** Every tenant that has a node, the installation's own included. */
        List<TenantId> tenants();

        /** One node, locked against change until the transaction ends if {@code lock}. */
        Optional<NodeRow> node(TenantId tenant, NodeId node, boolean lock);

        /** The node of a kind that is unique by mailbox and class; not for buckets. */
        Optional<NodeRow> find(
                TenantId tenant,
                NodeKind kind,
                Optional<MailboxId> mailbox,
                Optional<DataClass> dataClass);

        /**
         * Nodes below, of every kind, in a stable order; locked against change, and as they are
         * once locked, until the transaction ends if {@code lock}.
         */
        List<NodeRow> children(TenantId tenant, NodeId parent, boolean lock);

        /** Nodes that must be re-keyed by the next epoch change. */
        List<NodeRow> dirty(TenantId tenant);

        /** Inserts or replaces a node. */
        void put(NodeRow node);

        /** Removes a node and its pair. */
        void remove(TenantId tenant, NodeId node);

        /** The key pair of a mailbox+class node. */
        Optional<PairRow> pair(TenantId tenant, NodeId node);

        /** Inserts or replaces a pair. */
        void put(PairRow pair);

        /** The leaves with these ids that exist. */
        List<LeafRow> leaves(TenantId tenant, Collection<UUID> ids);

        /** The leaves under a node, in a stable order. */
        List<LeafRow> heldBy(TenantId tenant, NodeId holder);

        /** How many leaves lie under a node. */
        int countHeldBy(TenantId tenant, NodeId holder);

        /** {@code COPY_TAIL} leaves under a node, up to this many. */
        List<LeafRow> tail(TenantId tenant, NodeId holder, int limit);

        /**
         * Up to this many mailbox nodes under which {@code COPY_TAIL} leaves lie, those with the
         * most first.
         */
        List<NodeRow> withTail(TenantId tenant, int limit);

        /** Leaves whose holder isn't there: a broken invariant. */
        List<LeafRow> orphanLeaves(TenantId tenant);

        /** How many nodes of each kind. */
        Map<NodeKind, Long> countNodes(TenantId tenant);

        /** How many leaves of each kind. */
        Map<LeafKind, Long> countLeaves(TenantId tenant);

        /** Inserts or replaces a leaf. */
        void put(LeafRow leaf);

        /** Replaces a leaf only if it is still exactly {@code before}; says whether it was. */
        default boolean replace(LeafRow before, LeafRow after) {
            return replace(before.tenant(), Map.of(before, after)) == 1;
        }

        /**
         * Replaces leaves of one tenant, each only if it is still exactly as the key says; answers
         * how many were.
         */
        int replace(TenantId tenant, Map<LeafRow, LeafRow> leaves);

        /** Removes leaves. */
        void removeLeaves(TenantId tenant, Collection<UUID> ids);

        /**
         * Marks leaves as gone, replacing an earlier mark. State 1: taken out, waits for an epoch
         * change; 2: {@code epoch} is the change that re-keyed its path, older epoch keys still
         * exist; 3: destroyed, complete.
         */
        void tomb(TenantId tenant, Collection<UUID> ids, int state, long epoch);

        /** Tombs in this state. */
        List<TombRow> tombs(TenantId tenant, int state);

        /** Ids of {@code ids} that have a successor, with it. */
        List<SuccRow> successors(TenantId tenant, Collection<UUID> ids);

        /** Removes the mailbox rows of doomed copies, in the same transaction. */
        void forgetCopies(TenantId tenant, MailboxId mailbox, Collection<CopyId> copies);

        /**
         * Copies of a tenant that are hidden since before this instant, or all hidden ones of a
         * mailbox.
         */
        List<HiddenCopy> hiddenCopies(TenantId tenant, java.time.Instant before);

        /** Puts an entry into the audit outbox with this transaction. */
        void audit(Entry entry);
    }

    /** The epoch in force and the second kept one. */
    record State(long epoch, long other) {}

    /** Kinds of nodes; the code is stored. */
    enum NodeKind {
        TENANT(1),
        CLASS(2),
        MAILBOX(3),
        BUCKET(4),
        ROUTING(5);

        private final int code;

        NodeKind(int code) {
            this.code = code;
        }

        /** The number in the database. */
        public int code() {
            return code;
        }
    }

    /**
     * A node: a wrapped key that wraps keys. {@code openToken} is the settler's while it fills a
     * bucket.
     */
    record NodeRow(
            TenantId tenant,
            NodeId node,
            Optional<NodeId> parent,
            NodeKind kind,
            Optional<DataClass> dataClass,
            Optional<MailboxId> mailbox,
            KeyId key,
            byte[] wrap,
            boolean dirty,
            boolean frozen,
            Optional<UUID> openToken) {}

    /** A mailbox+class key pair; the secret half wrapped under the node. */
    record PairRow(
            TenantId tenant, NodeId node, KeyId pair, int suite, byte[] publicKey, byte[] wrap) {}

    /** A leaf: a wrapped key that encrypts data. */
    record LeafRow(
            TenantId tenant,
            UUID leaf,
            LeafKind kind,
            NodeId holder,
            KeyId holderKey,
            byte[] wrap) {}

    /** A destroyed leaf. */
    record TombRow(TenantId tenant, UUID leaf, int state, long epoch) {}

    /** A copy that was re-encrypted as another. */
    record SuccRow(TenantId tenant, UUID before, UUID after) {}

    /** An expunged copy that waits for its destruction. */
    record HiddenCopy(TenantId tenant, MailboxId mailbox, DataClass dataClass, CopyId copy) {}
}
