package io.mailkeep.keys.internal;

import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.State;
import io.mailkeep.keys.TreeStore.TombRow;
import io.mailkeep.keys.TreeStore.Tx;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Phase b of destroying: from epoch n to n'. The order of durable steps is what makes it safe: lock
 * and compute → the new epoch key in every folder → commit the tree → mark in every folder → erase
 * every epoch key but the two newest. A crash anywhere leaves a tree that some kept key opens.
 *
 * <p>n' is one above the highest number in any folder: numbers are never reused. Not at hand, or
 * damaged, a folder puts the change off. With backup, the archive's confirmation of volumes and log
 * comes between mark and erasing.
 */
public final class EpochChange {
    private final KeyTree tree;
    private final Recovery recovery;

    public EpochChange(KeyTree tree, Recovery recovery) {
        this.tree = tree;
        this.recovery = recovery;
    }

    /** Changes the epoch; {@code newRoot}: with a new root in the same record. */
    public Outcome<Long> run(boolean newRoot, BiConsumer<Tx, Long> told) {
        return tree.alone(() -> {
            Optional<String> missing = tree.device.unreachable();
            if (missing.isPresent()) {
                return Outcome.failed(
                        Problem.temporary(
                                "Nothing was destroyed yet: a key folder isn't at hand.",
                                missing.get()
                                        + " Bring it back, or declare it lost: mailkeep"
                                        + " keys lost a|b"));
            }
            Optional<String> doubt = recovery.doubt();
            if (doubt.isPresent()) {
                return Outcome.failed(
                        Problem.temporary(
                                "Nothing was destroyed: the keys and the database don't"
                                        + " belong together.",
                                doubt.get()));
            }
            return Outcome.done(change(newRoot, told));
        });
    }

    private long change(boolean newRoot, BiConsumer<Tx, Long> told) {
        State next =
                tree.store.transact(tx -> {
                    State state = tx.state().orElseThrow();
                    Epoch epoch = nextEpoch(state, newRoot);
                    for (TenantId tenant : tx.tenants()) {
                        tenant(tx, tenant, epoch);
                    }
                    State after = new State(epoch.number(), state.epoch());
                    tx.put(after);
                    told.accept(tx, epoch.number());
                    tree.device.put(epoch);
                    tree.ring.add(epoch);
                    return after;
                });
        tree.device.mark(next.epoch());
        finish(tree, next);
        return next.epoch();
    }

    /** Erases what a completed change leaves behind. */
    static void finish(KeyTree tree, State state) {
        tree.device.eraseBefore(state);
        tree.ring.retain(number -> number >= state.epoch() || number == state.other());
    }

    private Epoch nextEpoch(State state, boolean newRoot) {
        Epoch current =
                tree.ring.epochs().stream()
                        .filter(epoch -> epoch.number() == state.epoch())
                        .findFirst()
                        .orElseThrow();
        long number = 1 + Math.max(tree.device.highest(), Math.max(state.epoch(), state.other()));
        return new Epoch(
                number,
                newRoot ? tree.freshKeyId() : current.rootId(),
                newRoot ? tree.freshKey() : current.root().clone(),
                tree.freshKey());
    }

    private void tenant(Tx tx, TenantId tenant, Epoch epoch) {
        List<TombRow> tombs = tx.tombs(tenant, 1);
        Set<NodeId> renewed = upwards(tx, tenant);
        NodeRow top =
                tx.find(tenant, NodeKind.TENANT, Optional.empty(), Optional.empty()).orElseThrow();
        NodeRow locked = tx.node(tenant, top.node(), true).orElseThrow();
        Rekeying.Plan plan =
                new Rekeying.Plan(
                        row ->
                                renewed.contains(row.node())
                                        || row.dirty()
                                        || row.openToken().isPresent(),
                        false,
                        false);
        new Rekeying(tree, tx, plan).tenant(locked, epoch);
        List<UUID> taken = tombs.stream().map(TombRow::leaf).toList();
        tx.tomb(tenant, taken, 2, epoch.number());
    }

    /** Every dirty node with all nodes above it. */
    private static Set<NodeId> upwards(Tx tx, TenantId tenant) {
        Set<NodeId> nodes = new HashSet<>();
        for (NodeRow dirty : tx.dirty(tenant)) {
            Optional<NodeRow> row = Optional.of(dirty);
            while (row.isPresent() && nodes.add(row.get().node())) {
                row = row.get().parent().flatMap(parent -> tx.node(tenant, parent, false));
            }
        }
        return nodes;
    }

    /**
     * Says <em>destroyed</em> of what is: no registered folder holds an epoch key older than the
     * change that re-keyed it.
     */
    public long complete(BiConsumer<Tx, Completed> told) {
        OptionalLong oldest = tree.device.oldest();
        if (oldest.isEmpty()) {
            return 0;
        }
        return tree.store.transact(tx -> {
            long count = 0;
            for (TenantId tenant : tx.tenants()) {
                List<TombRow> done =
                        tx.tombs(tenant, 2).stream()
                                .filter(tomb -> tomb.epoch() <= oldest.getAsLong())
                                .toList();
                for (TombRow tomb : done) {
                    tx.tomb(tenant, List.of(tomb.leaf()), 3, tomb.epoch());
                }
                if (!done.isEmpty()) {
                    told.accept(tx, new Completed(tenant, done.size()));
                }
                count += done.size();
            }
            return count;
        });
    }

    /** How many destructions of a tenant are complete. */
    public record Completed(TenantId tenant, long leaves) {}
}
