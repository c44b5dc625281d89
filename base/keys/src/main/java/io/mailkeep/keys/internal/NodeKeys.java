package io.mailkeep.keys.internal;

import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.RecentMap;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.PairRow;
import io.mailkeep.keys.TreeStore.Tx;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Opened node keys, by tenant, node and generation: bounded, and gone when the keys are sealed. */
public final class NodeKeys {
    private static final int KEPT_MAX = 20_000;

    private final Wraps wraps;
    private final Supplier<List<Epoch>> epochs;
    private final Map<Place, byte[]> kept = new RecentMap<>(KEPT_MAX);

    private record Place(TenantId tenant, NodeId node, KeyId key) {}

    NodeKeys(Wraps wraps, Supplier<List<Epoch>> epochs) {
        this.wraps = wraps;
        this.epochs = epochs;
    }

    /** A node's key, opened through its parents where it isn't known. */
    byte[] of(Tx tx, NodeRow row) {
        Place place = new Place(row.tenant(), row.node(), row.key());
        Optional<byte[]> known = known(place);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] key;
        if (row.parent().isEmpty()) {
            key = openTop(row);
        } else {
            NodeRow parent =
                    tx.node(row.tenant(), row.parent().get(), false)
                            .orElseThrow(() -> new TamperedException("a parent is gone", null));
            key = wraps.openNode(row, parent.key(), of(tx, parent));
        }
        keep(place, key);
        return key;
    }

    /** A pair's secret half, opened through its node where it isn't known. */
    byte[] secretOf(Tx tx, NodeRow mailbox, PairRow pair) {
        Place place = new Place(pair.tenant(), pair.node(), pair.pair());
        Optional<byte[]> known = known(place);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] secret = wraps.openPair(pair, of(tx, mailbox));
        keep(place, secret);
        return secret;
    }

    private byte[] openTop(NodeRow row) {
        TamperedException last = new TamperedException("no epoch key is at hand", null);
        for (Epoch epoch : epochs.get()) {
            try {
                return wraps.openTop(epoch, row);
            } catch (TamperedException another) {
                last = another;
            }
        }
        throw last;
    }

    private Optional<byte[]> known(Place place) {
        synchronized (kept) {
            return Optional.ofNullable(kept.get(place));
        }
    }

    private void keep(Place place, byte[] key) {
        synchronized (kept) {
            kept.put(place, key);
        }
    }

    /** Drops what is kept, without overwriting: somebody may be using it. */
    void forget() {
        synchronized (kept) {
            kept.clear();
        }
    }

    /** Overwrites what is kept: nobody may be using it. */
    void wipe() {
        synchronized (kept) {
            kept.values().forEach(key -> Arrays.fill(key, (byte) 0));
            kept.clear();
        }
    }
}
