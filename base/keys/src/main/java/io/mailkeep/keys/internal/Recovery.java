package io.mailkeep.keys.internal;

import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.KeysState;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeKind;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.State;
import io.mailkeep.keys.TreeStore.Tx;
import io.mailkeep.keys.internal.KeyFolder.Standing;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start finds and does: the crash table. Existing data without its keys never gets new ones;
 * a database that went back is used only when the operator accepts it; everything else stays
 * sealed, with a sentence.
 */
public final class Recovery {
    /** The key of the device's remembered audit checkpoint. */
    public static final String CHECKPOINT = "checkpoint.value";

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final KeyTree tree;
    private final boolean mayBegin;
    private final Predicate<byte[]> checkpointAhead;

    public Recovery(KeyTree tree, boolean mayBegin, Predicate<byte[]> checkpointAhead) {
        this.tree = tree;
        this.mayBegin = mayBegin;
        this.checkpointAhead = checkpointAhead;
    }

    /** What database and folders say together. */
    sealed interface Finding {
        /** Neither tree nor keys: the first start, or one that a crash cut short. */
        record First(List<KeyFolder> folders) implements Finding {}

        /** They belong together. */
        record GoOn(State state) implements Finding {}

        /** The database is an earlier state, which the keys still open. */
        record WentBack(Optional<State> state, SortedSet<Long> have, String reason)
                implements Finding {}

        /** Nothing can be opened. */
        record Refused(String reason, String advice) implements Finding {}
    }

    /** Opens the device and unseals, if that is right. Called anew it looks anew. */
    public KeysState unseal() {
        try {
            switch (find(true)) {
                case Finding.First(List<KeyFolder> folders) -> create(folders);
                case Finding.GoOn(State state) -> goOn(state);
                case Finding.WentBack(var state, var have, String reason) ->
                        tree.ring.seal(
                                reason,
                                "Bring the newest database back; or accept what is lost: mailkeep"
                                        + " doctor --accept-rollback");
                case Finding.Refused(String reason, String advice) ->
                        tree.ring.seal(reason, advice);
            }
        } catch (UncheckedIOException failed) {
            log.atError().setCause(failed).log("The key folders can't be used.");
            tree.ring.seal(
                    "A key folder can't be used: " + failed.getMessage() + ".",
                    "Make it readable and writable for this user, then: mailkeep keys unseal");
        }
        return tree.ring.state();
    }

    /**
     * Goes on with a database that went back; without one to accept nothing is run or changed.
     * {@code rebuild} makes rows again from what the volumes hold: before the acceptance is
     * committed, so that a crash in it leaves the database as far back as it was.
     */
    public KeysState accept(Runnable rebuild) {
        if (find(true) instanceof Finding.WentBack(var state, var have, String reason)) {
            rebuild.run();
            State accepted = tree.store.transact(tx -> accepted(tx, state, have));
            // Marked, so that a database from before the acceptance is noticed by the folders
            // alone.
            tree.device.mark(accepted.other());
            log.atWarn().addKeyValue("epoch", accepted.epoch()).log("Rollback accepted.");
            goOn(accepted);
        }
        return tree.ring.state();
    }

    /** Puts a fresh folder in a lost one's place; refused where that would lose keys. */
    public Outcome<KeysState> replace(String role) {
        boolean otherIsWell =
                tree.device.look().stream()
                        .anyMatch(folder ->
                                folder.standing == Standing.GOOD && !folder.role.equals(role));
        if (!tree.device.roles().contains(role) || !otherIsWell || doubt().isPresent()) {
            return Outcome.failed(
                    Problem.denied(
                            "This key folder can't be declared lost.",
                            "declared lost: "
                                    + role
                                    + "; needs another folder that opens the database. "
                                    + told(tree.device.look())));
        }
        long epoch = tree.store.transact(Tx::state).orElseThrow().epoch();
        tree.device.replace(role, epoch);
        return Outcome.done(unseal());
    }

    /** Why keys and database don't belong together any more; empty if they do. */
    Optional<String> doubt() {
        return switch (find(false)) {
            case Finding.GoOn(State state) -> Optional.empty();
            case Finding.First(List<KeyFolder> folders) ->
                    Optional.of("The database lost its key tree.");
            case Finding.WentBack(var state, var have, String reason) -> Optional.of(reason);
            case Finding.Refused(String reason, String advice) ->
                    Optional.of(reason + " " + advice);
        };
    }

    private Finding find(boolean withCheckpoint) {
        List<KeyFolder> folders = tree.device.look();
        for (KeyFolder folder : folders) {
            if (folder.standing == Standing.FOREIGN || folder.standing == Standing.SWAPPED) {
                return new Finding.Refused(
                        Device.tell(folder), "Put each key folder in its place (option --keys).");
            }
        }
        Optional<State> state = tree.store.transact(Tx::state);
        TreeSet<Long> have = new TreeSet<>();
        long mark = -1;
        for (KeyFolder folder : Device.good(folders)) {
            have.addAll(folder.epochs.keySet());
            mark = Math.max(mark, folder.mark);
        }
        if (state.isEmpty()) {
            return withoutTree(folders, have, mark);
        }
        long epoch = state.get().epoch();
        long other = state.get().other();
        if (!have.contains(epoch)) {
            return new Finding.Refused(
                    "The database is at key epoch "
                            + epoch
                            + ", the key folders hold "
                            + (have.isEmpty() ? "none" : have)
                            + ". "
                            + told(folders),
                    advice(epoch, have));
        }
        boolean markedAhead = mark > Math.max(epoch, other);
        boolean otherGone = !have.contains(other);
        if (markedAhead || otherGone || (withCheckpoint && ahead())) {
            return new Finding.WentBack(
                    state,
                    have,
                    "The database went back to an earlier state: it is at key epoch "
                            + epoch
                            + " with "
                            + other
                            + ", the key folders hold "
                            + have
                            + " and remember a later commit.");
        }
        return new Finding.GoOn(state.get());
    }

    private static String advice(long epoch, SortedSet<Long> have) {
        return have.isEmpty() || have.first() < epoch
                ? "Bring the key folders that belong to this data back (option --keys); new keys"
                        + " would make all mail unreadable."
                : "The database went back by more than the key folders can follow: the keys of"
                        + " then are erased, so that what was destroyed since stays destroyed."
                        + " Bring back the newest database.";
    }

    private Finding withoutTree(List<KeyFolder> folders, SortedSet<Long> have, long mark) {
        for (KeyFolder folder : folders) {
            boolean usable = folder.standing == Standing.GOOD && folder.damaged.isEmpty();
            if (!usable && folder.standing != Standing.MISSING) {
                return new Finding.Refused(
                        Device.tell(folder),
                        "Nothing was written. Bring the right folder, or an empty one.");
            }
        }
        if (mark >= 0) {
            return new Finding.WentBack(
                    Optional.empty(),
                    have,
                    "The database has no keys in it, but the key folders have been in use (epoch "
                            + mark
                            + "): this is another data directory, or its database is lost.");
        }
        return mayBegin
                ? new Finding.First(folders)
                : new Finding.Refused(
                        "Data of earlier starts lies here, but neither the database nor the key"
                                + " folders hold keys for it.",
                        "Bring back the database and the key folders that belong to it; new keys"
                                + " would make all mail unreadable.");
    }

    private boolean ahead() {
        return tree.device.load(CHECKPOINT).filter(checkpointAhead).isPresent();
    }

    private static String told(List<KeyFolder> folders) {
        return String.join(" ", folders.stream().map(Device::tell).toList());
    }

    private void create(List<KeyFolder> folders) {
        Epoch first = tree.device.create(folders);
        State state = new State(first.number(), first.number());
        tree.store.transact(tx -> {
            tx.put(state);
            return state;
        });
        goOn(state);
    }

    private void goOn(State state) {
        tree.device.sync(state.epoch());
        TreeMap<Long, Epoch> epochs = new TreeMap<>();
        for (KeyFolder folder : Device.good(tree.device.look())) {
            folder.epochs.forEach(epochs::putIfAbsent);
        }
        tree.ring.unseal(epochs.values());
        EpochChange.finish(tree, state);
    }

    private State accepted(Tx tx, Optional<State> found, SortedSet<Long> have) {
        long highest = have.last();
        State before = found.orElse(new State(highest, highest));
        long kept = have.contains(before.other()) ? before.other() : before.epoch();
        State after = new State(before.epoch(), highest > before.epoch() ? highest : kept);
        for (TenantId tenant : tx.tenants()) {
            tx.find(tenant, NodeKind.TENANT, Optional.empty(), Optional.empty())
                    .ifPresent(top -> distrust(tx, top));
        }
        tx.put(after);
        return after;
    }

    /** Every node is re-keyed by the next change, no bucket takes a copy, indexes are dropped. */
    private static void distrust(Tx tx, NodeRow row) {
        NodeRow locked = tx.node(row.tenant(), row.node(), true).orElse(row);
        boolean frozen = locked.frozen() || locked.kind() == NodeKind.BUCKET;
        tx.put(Rows.marked(locked, true, frozen, locked.openToken()));
        if (locked.kind() == NodeKind.MAILBOX) {
            tx.removeLeaves(
                    row.tenant(),
                    tx.heldBy(row.tenant(), row.node()).stream()
                            .filter(leaf -> leaf.kind() == LeafKind.INDEX)
                            .map(LeafRow::leaf)
                            .toList());
        }
        for (NodeRow child : tx.children(row.tenant(), row.node(), true)) {
            distrust(tx, child);
        }
    }
}
