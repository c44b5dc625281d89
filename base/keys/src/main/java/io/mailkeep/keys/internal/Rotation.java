package io.mailkeep.keys.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.KeyScope;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.State;
import io.mailkeep.keys.TreeStore.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A leaked key: new keys for a node and all below it down to mailbox and pair. Buckets keep theirs
 * and take no new copy; everything renewed is marked for the two epoch changes that must follow.
 * Holds then: the old key opens nothing delivered later, and nothing of the live tree.
 */
public final class Rotation {
    private static final Rekeying.Plan PLAN =
            new Rekeying.Plan(row -> row.kind() != NodeKind.BUCKET, true, true);

    private final KeyTree tree;

    public Rotation(KeyTree tree) {
        this.tree = tree;
    }

    /** Renews a scope below the root; answers how many nodes it was asked for. */
    public long run(KeyScope scope) {
        return tree.alone(() -> tree.store.transact(tx -> inTransaction(tx, scope)));
    }

    private long inTransaction(Tx tx, KeyScope scope) {
        List<NodeRow> nodes = nodes(tx, scope);
        for (NodeRow found : nodes) {
            Optional<NodeRow> above =
                    found.parent().flatMap(parent -> tx.node(found.tenant(), parent, true));
            NodeRow row = tx.node(found.tenant(), found.node(), true).orElseThrow();
            Rekeying rekeying = new Rekeying(tree, tx, PLAN);
            if (above.isEmpty()) {
                rekeying.tenant(row, current(tx));
            } else {
                byte[] key = tree.ring.nodes().of(tx, above.get());
                rekeying.node(row, Rekeying.Held.unchanged(above.get(), key));
            }
        }
        return nodes.size();
    }

    private Epoch current(Tx tx) {
        State state = tx.state().orElseThrow();
        return tree.ring.epochs().stream()
                .filter(epoch -> epoch.number() == state.epoch())
                .findFirst()
                .orElseThrow();
    }

    private static List<NodeRow> nodes(Tx tx, KeyScope scope) {
        return switch (scope) {
            case KeyScope.Root() -> List.of();
            case KeyScope.OfTenant(TenantId tenant) ->
                    tx.find(tenant, NodeKind.TENANT, Optional.empty(), Optional.empty()).stream()
                            .toList();
            case KeyScope.OfClass(TenantId tenant, DataClass dataClass) ->
                    tx
                            .find(tenant, NodeKind.CLASS, Optional.empty(), Optional.of(dataClass))
                            .stream()
                            .toList();
            case KeyScope.OfMailbox(TenantId tenant, var mailbox) -> {
                List<NodeRow> all = new ArrayList<>();
                for (DataClass dataClass : DataClass.values()) {
                    tx.find(tenant, NodeKind.MAILBOX, Optional.of(mailbox), Optional.of(dataClass))
                            .ifPresent(all::add);
                }
                yield all;
            }
        };
    }
}
