package io.mailkeep.keys;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.keys.MemoryTree.Db;
import io.mailkeep.keys.MemoryTree.Row;
import io.mailkeep.keys.MemoryTree.Work;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.internal.EpochChange;
import io.mailkeep.keys.internal.Folders;
import io.mailkeep.keys.internal.InsecureKeyAccess;
import io.mailkeep.keys.internal.Rekey;
import io.mailkeep.keys.internal.Rotation;
import io.mailkeep.keys.internal.Settler;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.TestAccess;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What happens in a {@link World}, apart from faults. */
final class Acts {
    private final World world;
    final List<Settler.Work> settling = new ArrayList<>();

    Acts(World world) {
        this.world = world;
    }

    <T> T pick(List<T> some) {
        return some.get(world.random.nextInt(some.size()));
    }

    void deliver(Optional<CopyId> before) {
        Ledger.Box box = pick(World.BOXES);
        DataClass dataClass = pick(World.CLASSES);
        if (before.isPresent()) {
            Row row = world.store.now().rows.get(before.get());
            box = new Ledger.Box(row.tenant(), row.mailbox());
            dataClass =
                    row.dataClass() == DataClass.SENSITIVE
                            ? DataClass.CRITICAL
                            : DataClass.SENSITIVE;
        }
        CopyId copy = new CopyId(world.randomness.uuid());
        world.note("deliver " + copy + before.map(b -> " instead of " + b).orElse(""));
        CopyKeys fresh = world.keys.delivery().fresh();
        InsecureKeyAccess raw = InsecureKeyAccess.toRawKeyBytes();
        world.ledger.keysOf.put(
                copy,
                ByteBuffer.allocate(64)
                        .put(fresh.body().exposeRawKeyBytes(raw))
                        .put(fresh.copy().exposeRawKeyBytes(raw))
                        .array());
        // What was sealed before a rotation, in flight, isn't delivered later.
        List<Ledger.Leak> known = List.copyOf(world.ledger.leaks);
        Ledger.Header header = seal(box, dataClass, copy, fresh, before);
        if (world.random.nextInt(4) == 0 && before.isEmpty()) {
            maintenance();
        }
        for (int tries = 0; ; tries++) {
            Ledger.Header sealed = header;
            boolean done = world.store.transact(tx -> commit((Work) tx, sealed));
            if (done) {
                break;
            }
            if (tries > 3) {
                throw new Ledger.Broken("the current pair never is");
            }
            world.stats.merge("sealed again", 1, Integer::sum);
            header = seal(box, dataClass, copy, fresh, before);
        }
        world.ledger.acked.add(copy);
        world.ledger.later(known, copy, box, dataClass);
        if (before.isPresent()) {
            world.ledger.superseded.put(before.get(), Long.MAX_VALUE);
        }
    }

    /** Something that re-keys while a delivery is between sync and commit. */
    private void maintenance() {
        if (world.random.nextBoolean()) {
            changeEpoch(false);
        } else {
            rotate();
        }
    }

    private Ledger.Header seal(
            Ledger.Box box,
            DataClass dataClass,
            CopyId copy,
            CopyKeys fresh,
            Optional<CopyId> before) {
        SealedCopy sealed =
                world.keys
                        .delivery()
                        .seal(
                                TestAccess.to(box.tenant(), box.mailbox(), Operation.DELIVER),
                                dataClass,
                                copy,
                                fresh);
        Ledger.Header header =
                new Ledger.Header(
                        copy,
                        box.tenant(),
                        box.mailbox(),
                        dataClass,
                        sealed.node(),
                        sealed.pair(),
                        sealed.wrap(),
                        before);
        world.ledger.volume.add(header);
        world.maybeCrash();
        return header;
    }

    /** The delivery transaction: pair under a share lock, row and leaf together. */
    static boolean commit(Work tx, Ledger.Header header) {
        if (!tx.db.pairs.get(header.node()).pair().equals(header.pair())) {
            return false;
        }
        if (header.before().isPresent() && !tx.db.rows.containsKey(header.before().get())) {
            return true;
        }
        tx.put(header.asLeaf());
        tx.db.rows.put(
                header.copy(),
                new Row(header.tenant(), header.mailbox(), header.dataClass(), false));
        header.before()
                .ifPresent(before -> {
                    tx.db.rows.remove(before);
                    tx.supersede(before.value(), header.copy().value());
                });
        return true;
    }

    void settle() {
        List<NodeRow> waiting = new Settler(world.keys.tree()).waiting(9);
        if (waiting.isEmpty()) {
            return;
        }
        world.note("settle");
        NodeRow mailbox = pick(waiting);
        if (world.random.nextBoolean()) {
            new Settler(world.keys.tree())
                    .begin(mailbox.tenant(), mailbox.node())
                    .ifPresent(work -> {
                        // What was wrapped may lie in a log, whatever becomes of it.
                        world.store.leafWraps.addAll(work.wraps().values());
                        settling.add(work);
                    });
        } else {
            new Settler(world.keys.tree()).once(mailbox.tenant(), mailbox.node());
        }
    }

    void settling() {
        if (!settling.isEmpty()) {
            world.note("settling");
            Settler.Work work = settling.remove(world.random.nextInt(settling.size()));
            if (world.random.nextInt(3) > 0) {
                new Settler(world.keys.tree()).commit(work);
            }
        }
    }

    private List<CopyId> shown() {
        return world.store.now().rows.entrySet().stream()
                .filter(row -> !row.getValue().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    void move() {
        if (!shown().isEmpty()) {
            deliver(Optional.of(pick(shown())));
        }
    }

    void hide() {
        if (shown().isEmpty()) {
            return;
        }
        CopyId copy = pick(shown());
        world.note("hide " + copy);
        world.store.transact(tx -> {
            Db db = ((Work) tx).db;
            Row row = db.rows.get(copy);
            ((Work) tx).written = true;
            return db.rows.put(copy, new Row(row.tenant(), row.mailbox(), row.dataClass(), true));
        });
    }

    void destroy() {
        Rekey rekey = new Rekey(world.keys.tree());
        List<Rekey.Place> places = List.copyOf(rekey.places(Instant.MAX));
        if (!places.isEmpty()) {
            world.note("destroy");
            rekey.destroy(pick(places), Instant.MAX, (_, _) -> {});
        }
    }

    void changeEpoch(boolean newRoot) {
        world.note("epoch");
        EpochChange change = new EpochChange(world.keys.tree(), world.keys.recovery());
        long before = world.store.now().state.orElseThrow().epoch();
        Outcome<Long> outcome = change.run(newRoot, (_, _) -> {});
        if (outcome instanceof Outcome.Done<Long>(Long number)) {
            world.ledger.superseded.replaceAll((_, at) -> Math.min(at, number));
            if (!Folders.allHold(world.keys.tree().device(), number)
                    || !Folders.allHold(world.keys.tree().device(), before)) {
                throw new Ledger.Broken("a folder lacks one of the two newest epochs");
            }
        } else {
            if (world.store.now().state.orElseThrow().epoch() != before) {
                throw new Ledger.Broken("a change that failed changed the epoch");
            }
            if (world.detached.isEmpty()) {
                throw new Ledger.Broken("a change failed without a reason: " + outcome);
            }
            world.stats.merge("epoch put off", 1, Integer::sum);
        }
        boolean completed = change.complete((_, _) -> {}) > 0;
        world.attack |= completed || outcome instanceof Outcome.Done<Long>;
    }

    void rotate() {
        Ledger.Box box = pick(World.BOXES);
        DataClass dataClass = pick(World.CLASSES);
        KeyScope scope =
                switch (world.random.nextInt(3)) {
                    case 0 -> new KeyScope.OfTenant(box.tenant());
                    case 1 -> new KeyScope.OfClass(box.tenant(), dataClass);
                    default -> new KeyScope.OfMailbox(box.tenant(), box.mailbox());
                };
        world.note("rotate " + scope);
        List<Ledger.Leak> leaked = new ArrayList<>();
        for (NodeRow row : world.store.now().nodes.values()) {
            boolean is =
                    switch (scope) {
                        case KeyScope.Root() -> false;
                        case KeyScope.OfTenant(var tenant) ->
                                row.kind() == NodeKind.TENANT && row.tenant().equals(tenant);
                        case KeyScope.OfClass(var tenant, var of) ->
                                row.kind() == NodeKind.CLASS
                                        && row.tenant().equals(tenant)
                                        && row.dataClass().equals(Optional.of(of));
                        case KeyScope.OfMailbox(var tenant, var mailbox) ->
                                row.kind() == NodeKind.MAILBOX
                                        && row.mailbox().equals(Optional.of(mailbox));
                    };
            if (is) {
                byte[] key =
                        world.store.transact(tx -> Folders.key(world.keys.tree(), tx, row)).clone();
                leaked.add(new Ledger.Leak(row.key(), key, scope, new HashSet<>()));
            }
        }
        new Rotation(world.keys.tree()).run(scope);
        if (world.ledger.leaks.size() < 4) {
            world.ledger.leaks.addAll(leaked);
        }
    }

    void name() {
        Ledger.Box box = pick(World.BOXES);
        NewLeaf leaf =
                world.keys
                        .reading()
                        .newRoutingLeaf(
                                TestAccess.to(box.tenant(), box.mailbox(), Operation.FOLDERS),
                                box.mailbox(),
                                LeafKind.FOLDER_NAME);
        world.note("name " + leaf.leaf());
        byte[] raw = leaf.key().exposeRawKeyBytes(InsecureKeyAccess.toRawKeyBytes());
        world.ledger.names.put(
                leaf.leaf().value(), new Ledger.Name(box.tenant(), box.mailbox(), raw));
        if (world.random.nextInt(5) == 0) {
            changeEpoch(false);
        }
        boolean put =
                world.store.transact(tx -> {
                    NodeRow holder = ((Work) tx).db.nodes.get(leaf.holder());
                    if (!holder.key().equals(leaf.holderKey())) {
                        return false;
                    }
                    tx.put(Fixture.row(leaf));
                    return true;
                });
        if (put) {
            world.ledger.namesAcked.add(leaf.leaf().value());
        }
    }

    void dropName() {
        List<UUID> there =
                world.ledger.names.keySet().stream()
                        .filter(world.store.now().leaves::containsKey)
                        .toList();
        if (!there.isEmpty()) {
            UUID leaf = pick(there);
            world.note("drop name " + leaf);
            world.store.transact(tx -> {
                ((Work) tx).dropLeaf(leaf);
                return leaf;
            });
        }
    }
}
