package io.mailkeep.keys;

import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.PairRow;
import io.mailkeep.keys.internal.Epoch;
import io.mailkeep.keys.internal.Hpke;
import io.mailkeep.keys.internal.Wraps;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has every wrap ever written to the database or a volume, committed or not, and some keys: opens
 * whatever opens, until nothing more does.
 */
final class Attacker {
    private final Wraps wraps;
    private final Map<KeyId, Map<byte[], MemoryTree.NodeWrap>> nodes = new HashMap<>();
    private final IdentityHashMap<byte[], MemoryTree.NodeWrap> tops = new IdentityHashMap<>();
    private final Map<KeyId, Map<byte[], LeafRow>> leaves = new HashMap<>();
    private final Map<NodeId, Map<KeyId, PairRow>> pairs = new HashMap<>();
    private final Map<KeyId, NodeId> nodeOf = new HashMap<>();
    private final Map<KeyId, String> way = new HashMap<>();
    private final Map<ByteBuffer, String> ways = new HashMap<>();
    private final Map<KeyId, byte[]> known = new HashMap<>();
    private final Deque<KeyId> fresh = new ArrayDeque<>();
    private final Set<ByteBuffer> data = new HashSet<>();
    private final List<byte[]> stored = new ArrayList<>();

    Attacker(InstallationId installation, MemoryTree tree, List<Ledger.Header> volume) {
        wraps = new Wraps(installation, Randomness.system(), new Hpke());
        for (MemoryTree.NodeWrap wrap : tree.nodeWraps) {
            nodeOf.put(wrap.row().key(), wrap.row().node());
            if (wrap.parentKey().isEmpty()) {
                tops.put(wrap.row().wrap(), wrap);
            } else {
                nodes.computeIfAbsent(wrap.parentKey().get(), _ -> new IdentityHashMap<>())
                        .put(wrap.row().wrap(), wrap);
            }
        }
        for (LeafRow leaf : tree.leafWraps) {
            leaves.computeIfAbsent(leaf.holderKey(), _ -> new IdentityHashMap<>())
                    .put(leaf.wrap(), leaf);
        }
        for (Ledger.Header header : volume) {
            LeafRow leaf = header.asLeaf();
            leaves.computeIfAbsent(leaf.holderKey(), _ -> new IdentityHashMap<>())
                    .put(leaf.wrap(), leaf);
        }
        tree.nodeWraps.forEach(wrap -> stored.add(wrap.row().wrap()));
        tree.leafWraps.forEach(leaf -> stored.add(leaf.wrap()));
        tree.audited.forEach(entry -> stored.add(entry.bytes()));
        volume.forEach(header -> stored.add(header.wrap()));
        for (PairRow pair : tree.pairWraps) {
            stored.add(pair.wrap());
            stored.add(pair.publicKey());
            pairs.computeIfAbsent(pair.node(), _ -> new HashMap<>()).put(pair.pair(), pair);
        }
    }

    /** Everything that encrypts data and opens from the root and epoch keys given. */
    Set<ByteBuffer> from(Collection<Epoch> epochs) {
        long highest = epochs.stream().mapToLong(Epoch::number).max().orElse(0);
        Set<ByteBuffer> tried = new HashSet<>();
        for (Epoch epoch : epochs) {
            if (tried.add(ByteBuffer.wrap(epoch.key()))) {
                // The number is only bound, not secret: any may be tried.
                for (long number = highest; number > 0; number--) {
                    open(new Epoch(number, epoch.rootId(), epoch.root(), epoch.key()));
                }
            }
        }
        return closure();
    }

    /**
     * What lies in clear in anything stored, of these secrets and of every key that was learned: at
     * any offset.
     */
    List<byte[]> inClear(Collection<byte[]> secrets) {
        Map<Long, byte[]> wanted = new HashMap<>();
        secrets.forEach(secret -> wanted.put(ByteBuffer.wrap(secret).getLong(), secret));
        known.values().forEach(secret -> wanted.put(ByteBuffer.wrap(secret).getLong(), secret));
        List<byte[]> found = new ArrayList<>();
        for (byte[] bytes : stored) {
            ByteBuffer at = ByteBuffer.wrap(bytes);
            for (int i = 0; i + 32 <= bytes.length; i++) {
                byte[] secret = wanted.get(at.getLong(i));
                if (secret != null
                        && Arrays.equals(secret, 0, 32, bytes, i, i + 32)
                        && found.size() < 9) {
                    found.add(secret);
                }
            }
        }
        return found;
    }

    private void open(Epoch epoch) {
        for (MemoryTree.NodeWrap top : tops.values()) {
            try {
                learn(top.row().key(), wraps.openTop(epoch, top.row()), top.row().key());
            } catch (TamperedException closed) {
                // Not this epoch's.
            }
        }
    }

    /** Everything that opens from one node key. */
    Set<ByteBuffer> from(KeyId id, byte[] key) {
        learn(id, key, id);
        return closure();
    }

    private Set<ByteBuffer> closure() {
        while (!fresh.isEmpty()) {
            KeyId id = fresh.pop();
            byte[] key = known.get(id);
            for (MemoryTree.NodeWrap child : nodes.getOrDefault(id, Map.of()).values()) {
                try {
                    learn(child.row().key(), wraps.openNode(child.row(), id, key), id);
                } catch (TamperedException closed) {
                    // A row written before its parent was re-keyed.
                }
            }
            Map<KeyId, PairRow> ofNode =
                    Optional.ofNullable(nodeOf.get(id)).map(pairs::get).orElse(Map.of());
            for (PairRow pair : ofNode.values()) {
                try {
                    learn(pair.pair(), wraps.openPair(pair, key), id);
                } catch (TamperedException closed) {
                    // Under another generation of the node's key.
                }
            }
            for (LeafRow leaf : leaves.getOrDefault(id, Map.of()).values()) {
                open(leaf, key);
            }
        }
        return data;
    }

    private void open(LeafRow leaf, byte[] key) {
        try {
            byte[] body =
                    leaf.kind() == LeafKind.COPY_TAIL
                            ? wraps.openTail(
                                    leaf.tenant(), leaf.holder(), leaf.leaf(), key, leaf.wrap())
                            : wraps.openLeaf(leaf, key);
            for (int at = 0; at < body.length; at += 32) {
                ByteBuffer one = ByteBuffer.wrap(Arrays.copyOfRange(body, at, at + 32));
                ways.put(one, leaf.kind() + " " + way.get(leaf.holderKey()));
                data.add(one);
            }
        } catch (TamperedException closed) {
            // Sealed by somebody else for another place.
        }
    }

    /** By which keys it was opened. */
    String way(byte[] key) {
        return String.valueOf(ways.get(ByteBuffer.wrap(Arrays.copyOf(key, 32))));
    }

    private void learn(KeyId id, byte[] key, KeyId by) {
        way.putIfAbsent(id, way.getOrDefault(by, "") + " > " + nodeOf.get(id) + "/" + id);
        if (known.putIfAbsent(id, key) == null) {
            fresh.push(id);
        }
    }
}
