package io.mailkeep.keys.internal;

import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import java.util.Optional;
import java.util.UUID;

/** Rows with one thing changed. */
final class Rows {
    private Rows() {}

    static NodeRow withKey(NodeRow row, KeyId key, byte[] wrap) {
        return new NodeRow(
                row.tenant(),
                row.node(),
                row.parent(),
                row.kind(),
                row.dataClass(),
                row.mailbox(),
                key,
                wrap,
                row.dirty(),
                row.frozen(),
                row.openToken());
    }

    static NodeRow marked(NodeRow row, boolean dirty, boolean frozen, Optional<UUID> open) {
        return new NodeRow(
                row.tenant(),
                row.node(),
                row.parent(),
                row.kind(),
                row.dataClass(),
                row.mailbox(),
                row.key(),
                row.wrap(),
                dirty,
                frozen,
                open);
    }

    static NodeRow dirty(NodeRow row) {
        return marked(row, true, row.frozen(), row.openToken());
    }

    static NodeRow open(NodeRow row, Optional<UUID> token) {
        return marked(row, row.dirty(), row.frozen(), token);
    }

    static NodeRow child(NodeRow parent, NodeId node, NodeKind kind, KeyId key) {
        return new NodeRow(
                parent.tenant(),
                node,
                Optional.of(parent.node()),
                kind,
                parent.dataClass(),
                parent.mailbox(),
                key,
                new byte[0],
                false,
                false,
                Optional.empty());
    }

    static LeafRow heldBy(LeafRow leaf, LeafKind kind, NodeRow holder, byte[] wrap) {
        return new LeafRow(leaf.tenant(), leaf.leaf(), kind, holder.node(), holder.key(), wrap);
    }
}
