package io.mailkeep.keys;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.MemoryTree.Db;
import io.mailkeep.keys.MemoryTree.Row;
import io.mailkeep.keys.MemoryTree.Work;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.PairRow;
import io.mailkeep.keys.TreeStore.TombRow;
import io.mailkeep.keys.internal.Epoch;
import io.mailkeep.keys.internal.EpochChange;
import io.mailkeep.keys.internal.Folders;
import io.mailkeep.keys.internal.InsecureKeyAccess;
import io.mailkeep.keys.internal.Rekey;
import io.mailkeep.keys.internal.Rotation;
import io.mailkeep.keys.internal.Settler;
import io.mailkeep.keys.internal.TreeCheck;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.TestAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Two companies, three mailboxes, two classes; any order of what happens to them, with crashes
 * after any durable step, rollbacks of the database, folders lost and back. After each step: what
 * was acknowledged opens (S3), what is destroyed doesn't, for an attacker with every wrap ever
 * written and today's key folders (S1), for the delivering module (S4), for who leaked a rotated
 * key (S6); and the tree's own invariants.
 */
final class World {
    private static final double CRASH = 0.05;
    private static final TenantId ONE = new TenantId(new UUID(1, 1));
    private static final TenantId TWO = new TenantId(new UUID(1, 2));

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

    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String what) {
            super(what);
        }
    }

    private static final List<Box> BOXES =
            List.of(
                    new Box(ONE, new MailboxId(new UUID(2, 1))),
                    new Box(ONE, new MailboxId(new UUID(2, 2))),
                    new Box(TWO, new MailboxId(new UUID(2, 3))));
    private static final List<DataClass> CLASSES = List.of(DataClass.SENSITIVE, DataClass.CRITICAL);

    private final SplittableRandom random;
    private final Randomness randomness;
    private final InstallationId installation = new InstallationId(new UUID(9, 9));
    private final Path folder;
    private final Path a;
    private final Path b;
    private final MemoryTree store = new MemoryTree();
    private final List<Header> volume = new ArrayList<>();
    private final Map<CopyId, byte[]> keysOf = new HashMap<>();
    private final Set<CopyId> acked = new LinkedHashSet<>();
    private final Set<CopyId> lost = new HashSet<>();
    private final Set<UUID> gone = new HashSet<>();
    private final Map<UUID, Name> names = new LinkedHashMap<>();
    private final Set<UUID> namesAcked = new LinkedHashSet<>();
    private final Map<CopyId, Long> superseded = new HashMap<>();
    private final Map<Long, byte[]> epochKeys = new HashMap<>();
    private final List<Leak> leaks = new ArrayList<>();
    private final List<Settler.Work> settling = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final Map<String, Integer> stats = new LinkedHashMap<>();
    private Optional<String> detached = Optional.empty();
    private Optional<String> stale = Optional.empty();
    private boolean crashes;
    private boolean attack;
    private Keys keys;

    private World(long seed, Path folder) {
        this.random = new SplittableRandom(seed);
        this.randomness = Randomness.of(random.split());
        this.folder = folder;
        this.a = folder.resolve("a");
        this.b = folder.resolve("b");
        store.committed = this::maybeCrash;
        crashes = false;
        open(false);
        keys.device().rememberCheckpoint(new byte[] {1});
        crashes = true;
    }

    /** One trace; what went wrong, or empty. */
    static String trace(long seed, int steps, Map<String, Integer> stats) {
        Path folder = null;
        World world = null;
        try {
            Path shm = Path.of("/dev/shm");
            folder =
                    Files.isWritable(shm)
                            ? Files.createTempDirectory(shm, "mk-keys")
                            : Files.createTempDirectory("mk-keys");
            world = new World(seed, folder);
            world.run(steps);
            world.stats.forEach((what, n) -> stats.merge(what, n, Integer::sum));
            return "";
        } catch (Exception broken) {
            String tail =
                    world == null
                            ? ""
                            : String.join(
                                    "\n  ",
                                    world.log.subList(
                                            Math.max(0, world.log.size() - 25), world.log.size()));
            return broken + " at " + at(broken) + "\n  " + tail;
        } finally {
            if (folder != null) {
                delete(folder);
            }
        }
    }

    private static String at(Exception broken) {
        return Arrays.stream(broken.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("io.mailkeep"))
                .limit(6)
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .toList()
                .toString();
    }

    private void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            check();
        }
        settling.clear();
        crashes = false;
        if (detached.isPresent()) {
            attach();
        }
        open(false);
        replaceBad();
        changeEpoch(false);
        changeEpoch(false);
        attack = true;
        check();
    }

    private void step() {
        try {
            switch (random.nextInt(30)) {
                case 0, 1, 2, 3, 4, 5 -> deliver(Optional.empty());
                case 6, 7, 8 -> settle();
                case 9 -> settling();
                case 10, 11 -> move();
                case 12, 13, 14 -> hide();
                case 15, 16 -> destroy();
                case 17, 18, 19 -> changeEpoch(random.nextInt(6) == 0);
                case 20 -> rotate();
                case 21, 22 -> name();
                case 23 -> dropName();
                case 24 -> restart();
                case 25, 26 -> rollBack();
                case 27 -> detach();
                case 28 -> attachOrLose();
                default -> sealAndUnseal();
            }
        } catch (Crash crash) {
            note("CRASH");
            if (random.nextInt(6) == 0) {
                detach();
            }
            restart();
        }
    }

    private void note(String what) {
        log.add(what);
        stats.merge(what.split(" ", 2)[0], 1, Integer::sum);
    }

    private void maybeCrash() {
        if (crashes && random.nextDouble() < CRASH) {
            throw new Crash();
        }
    }

    /** A start: crashes during it are starts anew. False: refused, as it should be. */
    private boolean open(boolean rolledBack) {
        return open(rolledBack, rolledBack);
    }

    private boolean open(boolean rolledBack, boolean ahead) {
        KeysSettings settings = new KeysSettings(a, b, installation, _ -> ahead);
        for (int tries = 0; tries < 100; tries++) {
            try {
                keys =
                        Keys.open(
                                settings,
                                store,
                                Time.system(),
                                randomness,
                                step -> {
                                    log.add("  . " + step);
                                    maybeCrash();
                                });
                if (keys.state() instanceof KeysState.Sealed(String reason, String advice)) {
                    if (!rolledBack) {
                        throw new Broken("sealed at a plain start: " + reason);
                    }
                    return false;
                }
                return true;
            } catch (Crash again) {
                log.add("  CRASH at the start");
            }
        }
        throw new Broken("never starts");
    }

    private void restart() {
        settling.clear();
        note("restart");
        open(false);
        found();
    }

    /** What a crash committed without telling is there, too. */
    private void found() {
        acked.addAll(store.now().rows.keySet());
        names.keySet().stream()
                .filter(leaf -> store.now().leaves.containsKey(leaf))
                .forEach(namesAcked::add);
        replaceBad();
    }

    private void replaceBad() {
        Optional<String> bad = Folders.bad(keys.tree().device());
        if (bad.isPresent() && detached.isEmpty()) {
            note("replace " + bad.get());
            boolean before = crashes;
            crashes = false;
            keys.recovery().replace(bad.get());
            crashes = before;
        }
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private void deliver(Optional<CopyId> before) {
        Box box = pick(BOXES);
        DataClass dataClass = pick(CLASSES);
        if (before.isPresent()) {
            Row row = store.now().rows.get(before.get());
            box = new Box(row.tenant(), row.mailbox());
            dataClass =
                    row.dataClass() == DataClass.SENSITIVE
                            ? DataClass.CRITICAL
                            : DataClass.SENSITIVE;
        }
        CopyId copy = new CopyId(randomness.uuid());
        note("deliver " + copy + before.map(b -> " instead of " + b).orElse(""));
        CopyKeys fresh = keys.delivery().fresh();
        InsecureKeyAccess raw = InsecureKeyAccess.toRawKeyBytes();
        keysOf.put(
                copy,
                ByteBuffer.allocate(64)
                        .put(fresh.body().exposeRawKeyBytes(raw))
                        .put(fresh.copy().exposeRawKeyBytes(raw))
                        .array());
        // What was sealed before a rotation, in flight, isn't delivered later.
        List<Leak> known = List.copyOf(leaks);
        Header header = seal(box, dataClass, copy, fresh, before);
        if (random.nextInt(4) == 0 && before.isEmpty()) {
            maintenance();
        }
        for (int tries = 0; ; tries++) {
            Header sealed = header;
            boolean done = store.transact(tx -> commit((Work) tx, sealed));
            if (done) {
                break;
            }
            if (tries > 3) {
                throw new Broken("the current pair never is");
            }
            stats.merge("sealed again", 1, Integer::sum);
            header = seal(box, dataClass, copy, fresh, before);
        }
        acked.add(copy);
        later(known, copy, box, dataClass);
        if (before.isPresent()) {
            superseded.put(before.get(), Long.MAX_VALUE);
        }
    }

    /** Something that re-keys while a delivery is between sync and commit. */
    private void maintenance() {
        if (random.nextBoolean()) {
            changeEpoch(false);
        } else {
            rotate();
        }
    }

    private Header seal(
            Box box, DataClass dataClass, CopyId copy, CopyKeys fresh, Optional<CopyId> before) {
        SealedCopy sealed =
                keys.delivery()
                        .seal(
                                TestAccess.to(box.tenant(), box.mailbox(), Operation.DELIVER),
                                dataClass,
                                copy,
                                fresh);
        Header header =
                new Header(
                        copy,
                        box.tenant(),
                        box.mailbox(),
                        dataClass,
                        sealed.node(),
                        sealed.pair(),
                        sealed.wrap(),
                        before);
        volume.add(header);
        maybeCrash();
        return header;
    }

    /** The delivery transaction: pair under a share lock, row and leaf together. */
    private static boolean commit(Work tx, Header header) {
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

    private void later(List<Leak> known, CopyId copy, Box box, DataClass dataClass) {
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

    private void settle() {
        List<NodeRow> waiting = new Settler(keys.tree()).waiting(9);
        if (waiting.isEmpty()) {
            return;
        }
        note("settle");
        NodeRow mailbox = pick(waiting);
        if (random.nextInt(3) == 0) {
            new Settler(keys.tree())
                    .begin(mailbox.tenant(), mailbox.node())
                    .ifPresent(work -> {
                        // What was wrapped may lie in a log, whatever becomes of it.
                        store.leafWraps.addAll(work.wraps().values());
                        settling.add(work);
                    });
        } else {
            new Settler(keys.tree()).once(mailbox.tenant(), mailbox.node());
        }
    }

    private void settling() {
        if (!settling.isEmpty()) {
            note("settling");
            Settler.Work work = settling.remove(random.nextInt(settling.size()));
            if (random.nextInt(3) > 0) {
                new Settler(keys.tree()).commit(work);
            }
        }
    }

    private List<CopyId> shown() {
        return store.now().rows.entrySet().stream()
                .filter(row -> !row.getValue().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void move() {
        if (!shown().isEmpty()) {
            deliver(Optional.of(pick(shown())));
        }
    }

    private void hide() {
        if (shown().isEmpty()) {
            return;
        }
        CopyId copy = pick(shown());
        note("hide " + copy);
        store.transact(tx -> {
            Db db = ((Work) tx).db;
            Row row = db.rows.get(copy);
            ((Work) tx).written = true;
            return db.rows.put(copy, new Row(row.tenant(), row.mailbox(), row.dataClass(), true));
        });
    }

    private void destroy() {
        Rekey rekey = new Rekey(keys.tree());
        List<Rekey.Place> places = List.copyOf(rekey.places(Instant.MAX));
        if (!places.isEmpty()) {
            note("destroy");
            rekey.destroy(pick(places), Instant.MAX, (_, _) -> {});
        }
    }

    private void changeEpoch(boolean newRoot) {
        note("epoch");
        EpochChange change = new EpochChange(keys.tree(), keys.recovery());
        long before = store.now().state.orElseThrow().epoch();
        Outcome<Long> outcome = change.run(newRoot, (_, _) -> {});
        if (outcome instanceof Outcome.Done<Long>(Long number)) {
            superseded.replaceAll((_, at) -> Math.min(at, number));
            if (!Folders.allHold(keys.tree().device(), number)
                    || !Folders.allHold(keys.tree().device(), before)) {
                throw new Broken("a folder lacks one of the two newest epochs");
            }
        } else {
            if (store.now().state.orElseThrow().epoch() != before) {
                throw new Broken("a change that failed changed the epoch");
            }
            if (detached.isEmpty()) {
                throw new Broken("a change failed without a reason: " + outcome);
            }
            stats.merge("epoch put off", 1, Integer::sum);
        }
        change.complete((_, _) -> {});
        attack |= outcome instanceof Outcome.Done<Long>;
    }

    private void rotate() {
        Box box = pick(BOXES);
        DataClass dataClass = pick(CLASSES);
        KeyScope scope =
                switch (random.nextInt(3)) {
                    case 0 -> new KeyScope.OfTenant(box.tenant());
                    case 1 -> new KeyScope.OfClass(box.tenant(), dataClass);
                    default -> new KeyScope.OfMailbox(box.tenant(), box.mailbox());
                };
        note("rotate " + scope);
        List<Leak> leaked = new ArrayList<>();
        for (NodeRow row : store.now().nodes.values()) {
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
                byte[] key = store.transact(tx -> Folders.key(keys.tree(), tx, row)).clone();
                leaked.add(new Leak(row.key(), key, scope, new HashSet<>()));
            }
        }
        new Rotation(keys.tree()).run(scope);
        if (leaks.size() < 4) {
            leaks.addAll(leaked);
        }
    }

    private void name() {
        Box box = pick(BOXES);
        NewLeaf leaf =
                keys.reading()
                        .newRoutingLeaf(
                                TestAccess.to(box.tenant(), box.mailbox(), Operation.FOLDERS),
                                box.mailbox(),
                                LeafKind.FOLDER_NAME);
        note("name " + leaf.leaf());
        byte[] raw = leaf.key().exposeRawKeyBytes(InsecureKeyAccess.toRawKeyBytes());
        names.put(leaf.leaf().value(), new Name(box.tenant(), box.mailbox(), raw));
        if (random.nextInt(5) == 0) {
            changeEpoch(false);
        }
        boolean put =
                store.transact(tx -> {
                    NodeRow holder = ((Work) tx).db.nodes.get(leaf.holder());
                    if (!holder.key().equals(leaf.holderKey())) {
                        return false;
                    }
                    tx.put(
                            new LeafRow(
                                    leaf.tenant(),
                                    leaf.leaf().value(),
                                    leaf.kind(),
                                    leaf.holder(),
                                    leaf.holderKey(),
                                    leaf.wrap()));
                    return true;
                });
        if (put) {
            namesAcked.add(leaf.leaf().value());
        }
    }

    private void dropName() {
        List<UUID> there = names.keySet().stream().filter(store.now().leaves::containsKey).toList();
        if (!there.isEmpty()) {
            UUID leaf = pick(there);
            note("drop name " + leaf);
            store.transact(tx -> {
                ((Work) tx).dropLeaf(leaf);
                return leaf;
            });
        }
    }

    private void sealAndUnseal() {
        note("seal");
        keys.tree().ring().seal("test", "none");
        try {
            keys.delivery()
                    .seal(
                            TestAccess.to(ONE, BOXES.getFirst().mailbox(), Operation.DELIVER),
                            DataClass.SENSITIVE,
                            new CopyId(randomness.uuid()),
                            keys.delivery().fresh());
            throw new Broken("sealed keys deliver");
        } catch (io.mailkeep.kernel.Unavailable sealed) {
            keys.recovery().unseal();
        }
        if (!(keys.state() instanceof KeysState.Unsealed)) {
            throw new Broken("not unsealed again: " + keys.state());
        }
    }

    private void detach() {
        if (detached.isEmpty()) {
            String role = random.nextBoolean() ? "a" : "b";
            note("detach " + role);
            move(folder.resolve(role), folder.resolve(role + ".away"));
            detached = Optional.of(role);
        }
    }

    private void attachOrLose() {
        if (detached.isPresent() && random.nextBoolean()) {
            String role = detached.get();
            note("lose " + role);
            delete(folder.resolve(role + ".stale"));
            move(folder.resolve(role + ".away"), folder.resolve(role + ".stale"));
            stale = Optional.of(role);
            detached = Optional.empty();
            keys.recovery().replace(role);
        } else if (detached.isPresent()) {
            attach();
        } else if (stale.isPresent()) {
            String role = stale.get();
            note("stale folder back " + role);
            stale = Optional.empty();
            delete(folder.resolve(role));
            move(folder.resolve(role + ".stale"), folder.resolve(role));
            restart();
        }
    }

    private void attach() {
        note("attach");
        String role = detached.orElseThrow();
        delete(folder.resolve(role));
        move(folder.resolve(role + ".away"), folder.resolve(role));
        detached = Optional.empty();
    }

    /** The database as it was some commits ago; accepted, or brought back. */
    private void rollBack() {
        if (store.history.size() < 3) {
            return;
        }
        Db newest = store.now().copy();
        int at = random.nextInt(store.history.size());
        Db earlier = store.history.get(at);
        if (earlier.state.isEmpty()) {
            return;
        }
        long epoch = earlier.state.get().epoch();
        note("rollback to epoch " + epoch + " from " + newest.state.orElseThrow());
        settling.clear();
        store.rollBackTo(earlier);
        // A lower epoch is noticed by the folders alone; else the audit checkpoint is ahead.
        boolean sameEpochs = newestOf(earlier) >= newestOf(newest);
        if (open(true, sameEpochs)) {
            throw new Broken("a rollback went unnoticed");
        }
        String reason = ((KeysState.Sealed) keys.state()).reason();
        boolean kept = epoch == newest.state.get().epoch() || epoch == newest.state.get().other();
        boolean wentBack = reason.contains("went back");
        if (kept && !wentBack) {
            throw new Broken("a kept epoch was refused: " + reason);
        }
        if (!wentBack || random.nextInt(4) == 0) {
            note("refused");
            store.rollBackTo(newest);
            restart();
            return;
        }
        note("accepted");
        // The abandoned line of states is no past that a disk could go back to.
        store.history.subList(at + 1, store.history.size()).clear();
        boolean before = crashes;
        crashes = false;
        keys.recovery().accept();
        rebuild();
        crashes = before;
        open(false);
        forgetWhatIsLost();
    }

    private static long newestOf(Db db) {
        TreeStore.State state = db.state.orElseThrow();
        return Math.max(state.epoch(), state.other());
    }

    /** As the mailbox room does it: headers whose pair is still current are delivered again. */
    private void rebuild() {
        for (Header header : List.copyOf(volume)) {
            store.transact(tx -> {
                Db db = ((Work) tx).db;
                UUID id = header.copy().value();
                if (db.rows.containsKey(header.copy())
                        || db.tombs.containsKey(id)
                        || db.successors.containsKey(id)) {
                    return false;
                }
                PairRow pair = db.pairs.get(header.node());
                return pair != null
                        && pair.pair().equals(header.pair())
                        && commit((Work) tx, rebuilt(db, header));
            });
        }
    }

    private static Header rebuilt(Db db, Header header) {
        return new Header(
                header.copy(),
                header.tenant(),
                header.mailbox(),
                header.dataClass(),
                header.node(),
                header.pair(),
                header.wrap(),
                header.before().filter(db.rows::containsKey));
    }

    private void forgetWhatIsLost() {
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

    private void check() {
        if (!(keys.state() instanceof KeysState.Unsealed)) {
            throw new Broken("sealed: " + keys.state());
        }
        Db db = store.now();
        for (TombRow tomb : db.tombs.values()) {
            if (tomb.state() == 3) {
                gone.add(tomb.leaf());
            }
        }
        boolean before = crashes;
        crashes = false;
        opens(db);
        numbers();
        for (String broken : new TreeCheck(keys.tree()).run()) {
            if (!broken.startsWith("Key folder") || detached.isEmpty()) {
                throw new Broken(broken);
            }
        }
        if (attack) {
            attack = false;
            attacked();
        }
        crashes = before;
    }

    /** S3. */
    private void opens(Db db) {
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
    private void numbers() {
        for (Epoch epoch : Folders.epochs(keys.tree().device())) {
            byte[] before = epochKeys.putIfAbsent(epoch.number(), epoch.key().clone());
            if (before != null && !Arrays.equals(before, epoch.key())) {
                throw new Broken("epoch number used twice: " + epoch.number());
            }
        }
    }

    /** S1, S4, S6. */
    private void attacked() {
        List<Epoch> live = new ArrayList<>(Folders.epochs(keys.tree().device()));
        detached.ifPresent(role ->
                live.addAll(Folders.epochs(role, folder.resolve(role + ".away"), installation)));
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

    private static boolean opened(Set<ByteBuffer> learned, byte[] key) {
        for (int at = 0; at < key.length; at += 32) {
            if (learned.contains(ByteBuffer.wrap(Arrays.copyOfRange(key, at, at + 32)))) {
                return true;
            }
        }
        return false;
    }

    private static void move(Path from, Path to) {
        try {
            if (Files.exists(from)) {
                Files.move(from, to);
            }
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
