package io.mailkeep.keys;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.MemoryTree.Db;
import io.mailkeep.keys.MemoryTree.Row;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.internal.Epoch;
import io.mailkeep.keys.internal.Folders;
import io.mailkeep.keys.internal.InsecureKeyAccess;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.TestAccess;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What was promised to whom: copies acknowledged, names given, keys destroyed, keys leaked; and
 * whether it holds.
 */
final class Ledger {
    /** What a segment's record says of one copy. */
    record Header(
            CopyId copy,
            TenantId tenant,
            MailboxId mailbox,
            DataClass dataClass,
            NodeId node,
            KeyId pair,
            byte[] wrap,
            Optional<CopyId> before) {
        LeafRow asLeaf() {
            return new LeafRow(tenant, copy.value(), LeafKind.COPY_TAIL, node, pair, wrap);
        }
    }

    record Box(TenantId tenant, MailboxId mailbox) {}

    record Leak(KeyId id, byte[] key, KeyScope scope, Set<CopyId> later) {}

    record Name(TenantId tenant, MailboxId mailbox, byte[] key) {}

    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String what) {
            super(what);
        }
    }

    final InstallationId installation;
    final MemoryTree store;
    final List<Header> volume = new ArrayList<>();
    final Map<CopyId, byte[]> keysOf = new HashMap<>();
    final Set<CopyId> acked = new LinkedHashSet<>();
    final Set<CopyId> lost = new HashSet<>();
    final Set<UUID> gone = new HashSet<>();
    final Map<UUID, Name> names = new LinkedHashMap<>();
    final Set<UUID> namesAcked = new LinkedHashSet<>();
    final Map<CopyId, Long> superseded = new HashMap<>();
    final Map<Long, byte[]> epochKeys = new HashMap<>();
    final List<Leak> leaks = new ArrayList<>();
    final Map<String, Integer> stats = new LinkedHashMap<>();

    Ledger(InstallationId installation, MemoryTree store) {
        this.installation = installation;
        this.store = store;
    }

    void later(List<Leak> known, CopyId copy, Box box, DataClass dataClass) {
        for (Leak leak : known) {
            boolean below =
                    switch (leak.scope()) {
                        case KeyScope.Root() -> false;
                        case KeyScope.OfTenant(var tenant) -> tenant.equals(box.tenant());
                        case KeyScope.OfClass(var tenant, var of) ->
                                tenant.equals(box.tenant()) && of == dataClass;
                        case KeyScope.OfMailbox(var tenant, var mailbox) ->
                                mailbox.equals(box.mailbox());
                    };
            if (below) {
                leak.later().add(copy);
            }
        }
    }

    void forgetWhatIsLost() {
        Db db = store.now();
        for (CopyId copy : acked) {
            UUID id = copy.value();
            if (db.rows.containsKey(copy)) {
                lost.remove(copy);
                superseded.remove(copy);
            } else if (!db.tombs.containsKey(id) && !db.successors.containsKey(id)) {
                lost.add(copy);
                superseded.remove(copy);
            }
        }
        acked.addAll(db.rows.keySet());
        db.successors.keySet().forEach(id -> superseded.put(new CopyId(id), Long.MAX_VALUE));
        namesAcked.removeIf(id -> !db.leaves.containsKey(id) && !db.tombs.containsKey(id));
        leaks.clear();
    }

    /** S3. */
    void opens(Keys keys) {
        Db db = store.now();
        Map<Box, List<CopyId>> wanted = new HashMap<>();
        for (CopyId copy : acked) {
            Row row = db.rows.get(copy);
            if (row == null) {
                boolean told =
                        lost.contains(copy)
                                || db.tombs.containsKey(copy.value())
                                || db.successors.containsKey(copy.value());
                if (!told) {
                    throw new Broken("S3 vanished: " + copy);
                }
            } else if (gone.contains(copy.value())) {
                throw new Broken("S1 a destroyed copy is back: " + copy);
            } else {
                wanted.computeIfAbsent(new Box(row.tenant(), row.mailbox()), _ -> new ArrayList<>())
                        .add(copy);
            }
        }
        InsecureKeyAccess raw = InsecureKeyAccess.toRawKeyBytes();
        wanted.forEach((box, copies) -> {
            Map<CopyId, CopyKeys> opened =
                    keys.reading()
                            .open(
                                    TestAccess.to(box.tenant(), box.mailbox(), Operation.READ),
                                    copies);
            for (CopyId copy : copies) {
                CopyKeys both = opened.get(copy);
                if (both == null
                        || !Arrays.equals(
                                both.copy().exposeRawKeyBytes(raw),
                                Arrays.copyOfRange(keysOf.get(copy), 32, 64))) {
                    throw new Broken("S3 doesn't open: " + copy);
                }
            }
        });
        for (UUID leaf : namesAcked) {
            if (db.leaves.containsKey(leaf)) {
                Name name = names.get(leaf);
                DataKey key =
                        keys.reading()
                                .leaves(
                                        TestAccess.to(name.tenant(), Operation.RESOLVE),
                                        List.of(new LeafId(leaf)))
                                .get(new LeafId(leaf));
                if (key == null || !Arrays.equals(key.exposeRawKeyBytes(raw), name.key())) {
                    throw new Broken("S3 name doesn't open: " + leaf);
                }
            } else if (!db.tombs.containsKey(leaf)) {
                throw new Broken("S3 name vanished: " + leaf);
            }
        }
    }

    /** No epoch number ever stands for two keys. */
    void numbers(Keys keys) {
        for (Epoch epoch : Folders.epochs(keys.tree().device())) {
            byte[] before = epochKeys.putIfAbsent(epoch.number(), epoch.key().clone());
            if (before != null && !Arrays.equals(before, epoch.key())) {
                throw new Broken("epoch number used twice: " + epoch.number());
            }
        }
    }

    /** S1, S4, S6. */
    void attacked(Keys keys, Collection<Epoch> detached) {
        List<Epoch> live = new ArrayList<>(Folders.epochs(keys.tree().device()));
        live.addAll(detached);
        Attacker attacker = new Attacker(installation, store, volume);
        Set<ByteBuffer> learned = attacker.from(live);
        for (UUID id : gone) {
            byte[] key = names.containsKey(id) ? names.get(id).key() : keysOf.get(new CopyId(id));
            if (opened(learned, key)) {
                throw new Broken("S1 a destroyed key opens: " + id + attacker.way(key));
            }
            stats.merge("attacks failed", 1, Integer::sum);
        }
        long oldest = live.stream().mapToLong(Epoch::number).min().orElse(0);
        superseded.forEach((copy, changed) -> {
            if (changed <= oldest && opened(learned, keysOf.get(copy))) {
                throw new Broken(
                        "S1 a moved copy's old key opens: "
                                + copy
                                + attacker.way(keysOf.get(copy)));
            }
        });
        for (Leak leak : leaks) {
            Attacker thief = new Attacker(installation, store, volume);
            Set<ByteBuffer> stolen = thief.from(leak.id(), leak.key());
            for (CopyId copy : leak.later()) {
                if (opened(stolen, keysOf.get(copy))) {
                    throw new Broken(
                            "S6 a rotated key opens later mail: "
                                    + copy
                                    + thief.way(keysOf.get(copy)));
                }
            }
        }
        for (NodeRow row : store.now().nodes.values()) {
            if (row.kind() == NodeKind.ROUTING) {
                byte[] key = store.transact(tx -> Folders.key(keys.tree(), tx, row));
                Set<ByteBuffer> module =
                        new Attacker(installation, store, volume).from(row.key(), key);
                if (acked.stream().anyMatch(copy -> opened(module, keysOf.get(copy)))) {
                    throw new Broken("S4 the delivering module opens a copy");
                }
            }
        }
    }

    /**
     * S2: every image of the data directory ever, without a key folder, is worth nothing. No key
     * lies in it in clear, wherever it comes from, and keys that anybody can guess open nothing.
     */
    void stolen(Keys keys, Collection<Epoch> detached) {
        List<Epoch> live = new ArrayList<>(Folders.epochs(keys.tree().device()));
        live.addAll(detached);
        Attacker all = new Attacker(installation, store, volume);
        all.from(live);
        List<byte[]> secrets = new ArrayList<>();
        keysOf.values()
                .forEach(both -> {
                    secrets.add(Arrays.copyOf(both, 32));
                    secrets.add(Arrays.copyOfRange(both, 32, 64));
                });
        names.values().forEach(name -> secrets.add(name.key()));
        live.forEach(epoch -> {
            secrets.add(epoch.root());
            secrets.add(epoch.key());
        });
        if (!all.inClear(secrets).isEmpty()) {
            throw new Broken("S2 a key is stored in clear");
        }
        Attacker thief = new Attacker(installation, store, volume);
        byte[] zero = new byte[32];
        long highest = live.stream().mapToLong(Epoch::number).max().orElse(0);
        KeyId none = new KeyId(new UUID(0, 0));
        if (!thief.from(List.of(new Epoch(highest, none, zero, zero))).isEmpty()) {
            throw new Broken("S2 a key that anybody can guess opens the data");
        }
    }

    private static boolean opened(Set<ByteBuffer> learned, byte[] key) {
        for (int at = 0; at < key.length; at += 32) {
            if (learned.contains(ByteBuffer.wrap(Arrays.copyOfRange(key, at, at + 32)))) {
                return true;
            }
        }
        return false;
    }
}
