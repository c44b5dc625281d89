package io.mailkeep.mailbox.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TreeStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The leaves of one mailbox that belong to this room, as they hang in the tree. */
public final class LeafWalk {
    private final TreeStore.Tx tx;
    private final TenantId tenant;
    private final MailboxId mailbox;

    /** What a leaf is to this room. */
    public enum Kind {
        COPY,
        FOLDER_NAME,
        KEYWORD
    }

    /** A leaf with the class of the node it hangs under. */
    public record Leaf(Kind kind, DataClass dataClass) {}

    public LeafWalk(TreeStore.Tx tx, TenantId tenant, MailboxId mailbox) {
        this.tx = tx;
        this.tenant = tenant;
        this.mailbox = mailbox;
    }

    /** All of them by id: tails under the mailbox+class nodes, settled ones, names. */
    public Map<UUID, Leaf> all() {
        Map<UUID, Leaf> leaves = new HashMap<>();
        for (DataClass dataClass : DataClass.values()) {
            Optional<TreeStore.NodeRow> node =
                    tx.find(
                            tenant,
                            TreeStore.NodeKind.MAILBOX,
                            Optional.of(mailbox),
                            Optional.of(dataClass));
            if (node.isPresent()) {
                held(node.get(), dataClass, leaves);
                tx.children(tenant, node.get().node(), false)
                        .forEach(below -> held(below, dataClass, leaves));
            }
        }
        return leaves;
    }

    private void held(TreeStore.NodeRow holder, DataClass dataClass, Map<UUID, Leaf> leaves) {
        for (TreeStore.LeafRow leaf : tx.heldBy(tenant, holder.node())) {
            kind(leaf.kind()).ifPresent(one -> leaves.put(leaf.leaf(), new Leaf(one, dataClass)));
        }
    }

    private static Optional<Kind> kind(LeafKind kind) {
        return switch (kind) {
            case COPY_TAIL, COPY_SETTLED -> Optional.of(Kind.COPY);
            case FOLDER_NAME -> Optional.of(Kind.FOLDER_NAME);
            case KEYWORD -> Optional.of(Kind.KEYWORD);
            case INDEX, PROFILE, ADDRESS, ORGANISATION, SUBJECT, LOOKUP -> Optional.empty();
        };
    }
}
