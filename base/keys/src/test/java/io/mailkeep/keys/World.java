package io.mailkeep.keys;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.MemoryTree.Db;
import io.mailkeep.keys.MemoryTree.Work;
import io.mailkeep.keys.TreeStore.PairRow;
import io.mailkeep.keys.TreeStore.TombRow;
import io.mailkeep.keys.internal.Epoch;
import io.mailkeep.keys.internal.Folders;
import io.mailkeep.keys.internal.TreeCheck;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.TestAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Two companies, three mailboxes, two classes; any order of what happens to them, with crashes
 * after any durable step, rollbacks of the database, folders lost and back. After each step: what
 * was acknowledged opens (S3), what is destroyed doesn't, for an attacker with every wrap ever
 * written and today's key folders (S1), for the delivering module (S4), for who leaked a rotated
 * key (S6); and the tree's own invariants. At the end: all of it without key folders is worth
 * nothing (S2). Protected folders (S5) aren't built.
 */
final class World {
    private static final double CRASH = 0.025;
    private static final TenantId ONE = new TenantId(new UUID(1, 1));
    private static final TenantId TWO = new TenantId(new UUID(1, 2));

    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static final List<Ledger.Box> BOXES =
            List.of(
                    new Ledger.Box(ONE, new MailboxId(new UUID(2, 1))),
                    new Ledger.Box(ONE, new MailboxId(new UUID(2, 2))),
                    new Ledger.Box(TWO, new MailboxId(new UUID(2, 3))));
    static final List<DataClass> CLASSES = List.of(DataClass.SENSITIVE, DataClass.CRITICAL);

    final SplittableRandom random;
    final Randomness randomness;
    private final InstallationId installation = new InstallationId(new UUID(9, 9));
    private final Path folder;
    private final Path a;
    private final Path b;
    final MemoryTree store = new MemoryTree();
    final Ledger ledger = new Ledger(installation, store);
    final Map<String, Integer> stats = ledger.stats;
    private final Acts acts = new Acts(this);
    private final List<String> log = new ArrayList<>();
    Optional<String> detached = Optional.empty();
    private Optional<String> stale = Optional.empty();
    private boolean crashes;
    boolean attack;
    Keys keys;

    private World(long seed, Path folder) {
        this.random = new SplittableRandom(seed);
        this.randomness = Randomness.of(random.split());
        this.folder = folder;
        this.a = folder.resolve("a");
        this.b = folder.resolve("b");
        store.committed = this::maybeCrash;
        store.committing = this::maybeCrash;
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
                Folders.delete(folder);
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
        acts.settling.clear();
        crashes = false;
        if (detached.isPresent()) {
            attach();
        }
        open(false);
        replaceBad();
        acts.changeEpoch(false);
        acts.changeEpoch(false);
        attack = true;
        check();
        ledger.stolen(keys, detachedEpochs());
    }

    private void step() {
        try {
            switch (random.nextInt(34)) {
                case 0, 1, 2, 3, 4, 5 -> acts.deliver(Optional.empty());
                case 6, 7, 8 -> acts.settle();
                case 9, 30 -> acts.settling();
                case 10, 11 -> acts.move();
                case 12, 13, 14 -> acts.hide();
                case 15, 16 -> acts.destroy();
                case 17, 18, 19 -> acts.changeEpoch(random.nextInt(6) == 0);
                case 20 -> acts.rotate();
                case 21, 22 -> acts.name();
                case 23 -> acts.dropName();
                case 24 -> restart();
                case 25, 26 -> rollBack();
                case 27 -> detach();
                case 28, 31 -> attachOrLose();
                case 32 -> acts.destroy();
                default -> sealAndUnseal();
            }
        } catch (Crash crash) {
            note("CRASH");
            if (random.nextInt(6) == 0) {
                detach();
            }
            restart();
            commitLate();
        }
    }

    /** An old backend commits after the start: only if nothing was committed since. */
    private void commitLate() {
        if (store.limbo.isPresent() && random.nextBoolean()) {
            note("late commit");
            store.rollBackTo(store.limbo.get());
            store.limbo = Optional.empty();
            restart();
        }
    }

    void note(String what) {
        log.add(what);
        stats.merge(what.split(" ", 2)[0], 1, Integer::sum);
    }

    void maybeCrash() {
        if (crashes && random.nextDouble() < CRASH) {
            throw new Crash();
        }
    }

    /** A start: crashes during it are starts anew. False: refused, as it should be. */
    private boolean open(boolean rolledBack) {
        return open(rolledBack, rolledBack);
    }

    private boolean open(boolean rolledBack, boolean ahead) {
        KeysSettings settings = new KeysSettings(a, b, installation, true, _ -> ahead);
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
                        throw new Ledger.Broken("sealed at a plain start: " + reason);
                    }
                    return false;
                }
                return true;
            } catch (Crash again) {
                log.add("  CRASH at the start");
            }
        }
        throw new Ledger.Broken("never starts");
    }

    private void restart() {
        acts.settling.clear();
        note("restart");
        open(false);
        found();
    }

    /** What a crash committed without telling is there, too. */
    private void found() {
        ledger.acked.addAll(store.now().rows.keySet());
        ledger.names.keySet().stream()
                .filter(leaf -> store.now().leaves.containsKey(leaf))
                .forEach(ledger.namesAcked::add);
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
            throw new Ledger.Broken("sealed keys deliver");
        } catch (io.mailkeep.kernel.Unavailable sealed) {
            keys.recovery().unseal();
        }
        if (!(keys.state() instanceof KeysState.Unsealed)) {
            throw new Ledger.Broken("not unsealed again: " + keys.state());
        }
    }

    private void detach() {
        // Two folders away at once is another story: then it stays sealed.
        TreeStore.State state = store.now().state.orElseThrow();
        if (detached.isEmpty()
                && Folders.allHold(keys.tree().device(), state.epoch())
                && Folders.allHold(keys.tree().device(), state.other())) {
            String role = random.nextBoolean() ? "a" : "b";
            note("detach " + role);
            Folders.move(folder.resolve(role), folder.resolve(role + ".away"));
            detached = Optional.of(role);
        }
    }

    private void attachOrLose() {
        if (detached.isPresent() && random.nextBoolean()) {
            String role = detached.get();
            note("lose " + role);
            Folders.delete(folder.resolve(role + ".stale"));
            Folders.move(folder.resolve(role + ".away"), folder.resolve(role + ".stale"));
            stale = Optional.of(role);
            detached = Optional.empty();
            keys.recovery().replace(role);
        } else if (detached.isPresent()) {
            attach();
        } else if (stale.isPresent()) {
            String role = stale.get();
            note("stale folder back " + role);
            stale = Optional.empty();
            Folders.delete(folder.resolve(role));
            Folders.move(folder.resolve(role + ".stale"), folder.resolve(role));
            restart();
        }
    }

    private void attach() {
        note("attach");
        String role = detached.orElseThrow();
        Folders.delete(folder.resolve(role));
        Folders.move(folder.resolve(role + ".away"), folder.resolve(role));
        detached = Optional.empty();
        // As "mailkeep keys unseal" does: what the folder still holds is brought up to date.
        keys.recovery().unseal();
    }

    /** The database as it was some commits ago; accepted, or brought back. */
    private void rollBack() {
        if (store.history.size() < 3) {
            return;
        }
        Db newest = store.now().copy();
        int size = store.history.size();
        int at =
                random.nextBoolean()
                        ? random.nextInt(size)
                        : size - 1 - random.nextInt(Math.min(8, size));
        Db earlier = store.history.get(at);
        if (earlier.state.isEmpty()) {
            return;
        }
        long epoch = earlier.state.get().epoch();
        note("rollback to epoch " + epoch + " from " + newest.state.orElseThrow());
        acts.settling.clear();
        store.rollBackTo(earlier);
        // A lower epoch is noticed by the folders alone; else the audit checkpoint is ahead.
        boolean sameEpochs = newestOf(earlier) >= newestOf(newest);
        if (open(true, sameEpochs)) {
            throw new Ledger.Broken("a rollback went unnoticed");
        }
        String reason = ((KeysState.Sealed) keys.state()).reason();
        boolean kept = epoch == newest.state.get().epoch() || epoch == newest.state.get().other();
        boolean wentBack = reason.contains("went back");
        if (kept && !wentBack) {
            throw new Ledger.Broken("a kept epoch was refused: " + reason);
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
        keys.recovery().accept(this::rebuild);
        crashes = before;
        open(false);
        ledger.forgetWhatIsLost();
    }

    private static long newestOf(Db db) {
        TreeStore.State state = db.state.orElseThrow();
        return Math.max(state.epoch(), state.other());
    }

    /** As the mailbox room does it: headers whose pair is still current are delivered again. */
    private void rebuild() {
        for (Ledger.Header header : List.copyOf(ledger.volume)) {
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
                        && Acts.commit((Work) tx, rebuilt(db, header));
            });
        }
    }

    private static Ledger.Header rebuilt(Db db, Ledger.Header header) {
        return new Ledger.Header(
                header.copy(),
                header.tenant(),
                header.mailbox(),
                header.dataClass(),
                header.node(),
                header.pair(),
                header.wrap(),
                header.before().filter(db.rows::containsKey));
    }

    private Collection<Epoch> detachedEpochs() {
        return detached.map(
                        role -> Folders.epochs(role, folder.resolve(role + ".away"), installation))
                .orElse(List.of());
    }

    private void check() {
        if (!(keys.state() instanceof KeysState.Unsealed)) {
            throw new Ledger.Broken("sealed: " + keys.state());
        }
        Db db = store.now();
        for (TombRow tomb : db.tombs.values()) {
            if (tomb.state() == 3) {
                ledger.gone.add(tomb.leaf());
            }
        }
        boolean before = crashes;
        crashes = false;
        ledger.opens(keys);
        ledger.numbers(keys);
        for (String broken : new TreeCheck(keys.tree()).run()) {
            if (!broken.startsWith("Key folder") || detached.isEmpty()) {
                throw new Ledger.Broken(broken);
            }
        }
        if (attack) {
            attack = false;
            ledger.attacked(keys, detachedEpochs());
        }
        crashes = before;
    }
}
