package io.mailkeep.keys.internal;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.TreeStore.HiddenCopy;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.Tx;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Phase a of destroying: one mailbox and class in one short transaction, at any time. Doomed rows
 * and leaves go; mailbox, pair, and every bucket that is dirty or open get new keys; what survives
 * is wrapped under them; the class is dirty until the epoch changes.
 */
public final class Rekey {
    private final KeyTree tree;

    public Rekey(KeyTree tree) {
        this.tree = tree;
    }

    /** A mailbox and class with hidden copies. */
    public record Place(TenantId tenant, MailboxId mailbox, DataClass dataClass) {}

    /** Where copies are hidden since before an instant. */
    public Set<Place> places(Instant hiddenBefore) {
        return tree.store.transact(tx -> {
            Set<Place> places = new LinkedHashSet<>();
            for (TenantId tenant : tx.tenants()) {
                for (HiddenCopy copy : tx.hiddenCopies(tenant, hiddenBefore)) {
                    places.add(new Place(tenant, copy.mailbox(), copy.dataClass()));
                }
            }
            return places;
        });
    }

    /** Takes a place's hidden copies out; answers how many. {@code told} in the transaction. */
    public int destroy(Place place, Instant hiddenBefore, BiConsumer<Tx, Integer> told) {
        return tree.alone(() ->
                tree.store.transact(tx -> {
                    int gone = inTransaction(tx, place, hiddenBefore);
                    told.accept(tx, gone);
                    return gone;
                }));
    }

    private int inTransaction(Tx tx, Place place, Instant hiddenBefore) {
        Optional<NodeRow> found =
                tx.find(
                        place.tenant(),
                        NodeKind.MAILBOX,
                        Optional.of(place.mailbox()),
                        Optional.of(place.dataClass()));
        if (found.isEmpty()) {
            return 0;
        }
        NodeId parent = found.get().parent().orElseThrow();
        NodeRow ofClass = tx.node(place.tenant(), parent, true).orElseThrow();
        NodeRow mailbox = tx.node(place.tenant(), found.get().node(), true).orElseThrow();
        Set<UUID> doomed =
                tx.hiddenCopies(place.tenant(), hiddenBefore).stream()
                        .filter(copy -> copy.mailbox().equals(place.mailbox()))
                        .filter(copy -> copy.dataClass() == place.dataClass())
                        .map(copy -> copy.copy().value())
                        .collect(Collectors.toSet());
        takeOut(tx, place, doomed);
        Rekeying.Plan plan =
                new Rekeying.Plan(
                        row ->
                                row.node().equals(mailbox.node())
                                        || row.dirty()
                                        || row.openToken().isPresent(),
                        false,
                        false);
        byte[] classKey = tree.ring.nodes().of(tx, ofClass);
        new Rekeying(tree, tx, plan).node(mailbox, Rekeying.Held.unchanged(ofClass, classKey));
        tx.put(Rows.dirty(ofClass));
        return doomed.size();
    }

    private static void takeOut(Tx tx, Place place, Set<UUID> doomed) {
        List<LeafRow> leaves = tx.leaves(place.tenant(), doomed);
        Set<NodeId> holders = leaves.stream().map(LeafRow::holder).collect(Collectors.toSet());
        for (NodeId holder : holders) {
            tx.node(place.tenant(), holder, true).ifPresent(row -> tx.put(Rows.dirty(row)));
        }
        tx.removeLeaves(place.tenant(), doomed);
        tx.tomb(place.tenant(), doomed, 1, 0);
        tx.forgetCopies(place.tenant(), place.mailbox(), doomed.stream().map(CopyId::new).toList());
    }
}
