package io.mailkeep.keys;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.Event.Decision;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.Tx;
import io.mailkeep.keys.internal.EpochChange;
import io.mailkeep.keys.internal.KeyTree;
import io.mailkeep.keys.internal.Recovery;
import io.mailkeep.keys.internal.Rekey;
import io.mailkeep.keys.internal.Rotation;
import io.mailkeep.keys.internal.Settler;
import io.mailkeep.keys.internal.TreeCheck;
import io.mailkeep.keys.internal.TreeStatus;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Administration of the key tree. Every action is on the audit log, published, before it happens,
 * and its outcome after it: no audit, no action.
 */
@Claim({"DAT-4", "DAT-5", "DAT-6"})
public final class KeyAdmin {
    private static final Set<Operation> MAY_DESTROY = Set.of(Operation.KEYS, Operation.MAINTAIN);
    private static final int TAILS_AT_ONCE = 64;

    private final KeyTree tree;
    private final Recovery recovery;
    private final Trail trail;
    private final Rekey rekey;
    private final EpochChange epochChange;
    private final Rotation rotation;
    private final Settler settler;

    KeyAdmin(KeyTree tree, Recovery recovery, Trail trail) {
        this.tree = tree;
        this.recovery = recovery;
        this.trail = trail;
        rekey = new Rekey(tree);
        epochChange = new EpochChange(tree, recovery);
        rotation = new Rotation(tree);
        settler = new Settler(tree);
    }

    /** Tells how the keys stand after opening; finishes destructions that a crash cut short. */
    void tellStart() {
        switch (tree.ring().state()) {
            case KeysState.Unsealed() -> {
                trail.record(
                        Event.granted(
                                EventType.KEYS_UNSEALED,
                                Event.INSTALLATION,
                                "module:keys",
                                "root",
                                Map.of("by", "key file, at start")));
                complete("module:keys");
            }
            case KeysState.Sealed(String reason, String advice) ->
                    trail.record(
                            Event.refused(
                                    EventType.KEYS_UNSEALED,
                                    Event.INSTALLATION,
                                    "module:keys",
                                    "root",
                                    Map.of("reason", reason)));
        }
    }

    /** What is there and how it stands; needs KEYS. */
    public KeysStatus status(Access access) {
        access.require(Operation.KEYS);
        return new TreeStatus(tree).read();
    }

    /** Wipes the keys in memory: nothing decrypts until unsealed; needs KEYS. */
    public Outcome<KeysState> seal(Access access) {
        access.require(Operation.KEYS);
        return told(
                access,
                EventType.KEYS_SEALED,
                "root",
                Map.of(),
                () -> {
                    tree.ring().seal("An administrator sealed the keys.", "mailkeep keys unseal");
                    return Outcome.done(tree.ring().state());
                });
    }

    /** Reads the root from the key device; needs KEYS. */
    public Outcome<KeysState> unseal(Access access) {
        access.require(Operation.KEYS);
        return told(
                access,
                EventType.KEYS_UNSEALED,
                "root",
                Map.of("by", "key file"),
                () -> unsealed(recovery.unseal()));
    }

    /** New keys for a scope and all below, then two epoch changes; needs KEYS. */
    public Outcome<Long> rotate(Access access, KeyScope scope) {
        access.require(Operation.KEYS);
        return told(
                access,
                EventType.KEYS_ROTATED,
                named(scope),
                Map.of(),
                () -> {
                    boolean root = scope instanceof KeyScope.Root;
                    if (!root && rotation.run(scope) == 0) {
                        return Outcome.failed(
                                new Problem(
                                        550,
                                        "5.1.1",
                                        "There is no such key.",
                                        "rotate: no node " + named(scope),
                                        Problem.Fault.THEIRS));
                    }
                    return change(access, root)
                            .then(_ -> change(access, false))
                            .map(Changed::epoch);
                });
    }

    /**
     * Destroys what was hidden before an instant: re-keys its paths and changes the epoch; {@code
     * now}: twice, so that it is complete on return; needs KEYS or MAINTAIN.
     */
    public Outcome<Destroyed> destroy(Access access, Instant hiddenBefore, boolean now) {
        access.requireOneOf(MAY_DESTROY);
        return told(
                access,
                EventType.DESTRUCTION_STARTED,
                "hidden before " + hiddenBefore,
                Map.of("now", Boolean.toString(now)),
                () -> destroyed(access, hiddenBefore, now));
    }

    private Outcome<Destroyed> destroyed(Access access, Instant hiddenBefore, boolean now) {
        long rekeyed = 0;
        for (Rekey.Place place : rekey.places(hiddenBefore)) {
            rekeyed +=
                    rekey.destroy(
                            place,
                            hiddenBefore,
                            (tx, copies) ->
                                    tell(
                                            tx,
                                            EventType.DESTRUCTION_STARTED,
                                            place.tenant(),
                                            access.actor(),
                                            place.mailbox().toString(),
                                            Map.of("copies", Integer.toString(copies))));
        }
        long copies = rekeyed;
        Outcome<Changed> first = change(access, false);
        Outcome<Changed> last =
                now ? first.then(one -> change(access, false).map(one::followedBy)) : first;
        return last.map(changed -> {
            KeysStatus status = new TreeStatus(tree).read();
            long waiting = status.pending().stream().mapToLong(KeysStatus.Pending::leaves).sum();
            return new Destroyed(copies, changed.epoch(), changed.complete(), waiting);
        });
    }

    /** What epoch changes did. */
    private record Changed(long epoch, long complete) {
        Changed followedBy(Changed next) {
            return new Changed(next.epoch(), complete + next.complete());
        }
    }

    /** One epoch change, and what it completes. */
    private Outcome<Changed> change(Access access, boolean newRoot) {
        Outcome<Long> changed =
                epochChange.run(
                        newRoot,
                        (tx, epoch) ->
                                tell(
                                        tx,
                                        EventType.KEYS_EPOCH,
                                        Event.INSTALLATION,
                                        access.actor(),
                                        "epoch " + epoch,
                                        Map.of("new-root", Boolean.toString(newRoot))));
        return changed.map(epoch -> new Changed(epoch, complete(access.actor())));
    }

    private long complete(String actor) {
        return epochChange.complete((tx, done) ->
                tell(
                        tx,
                        EventType.DESTRUCTION_COMPLETE,
                        done.tenant(),
                        actor,
                        "leaves",
                        Map.of("count", Long.toString(done.leaves()))));
    }

    /** Settles a bounded number of tails into buckets; answers how many; needs MAINTAIN. */
    public int settle(Access access) {
        access.require(Operation.MAINTAIN);
        int settled = 0;
        for (NodeRow mailbox : settler.waiting(TAILS_AT_ONCE)) {
            access.recheck();
            settled += settler.once(mailbox.tenant(), mailbox.node());
        }
        return settled;
    }

    /**
     * Goes on with a database that went back, as the operator accepts; needs KEYS. {@code rebuild}
     * is run before anything opens, if there is something to accept.
     */
    public Outcome<KeysState> acceptRollback(Access access, Runnable rebuild) {
        access.require(Operation.KEYS);
        return told(
                access,
                EventType.ROLLBACK_ACCEPTED,
                "tree",
                Map.of(),
                () -> unsealed(recovery.accept(rebuild)));
    }

    /**
     * Declares a key folder lost ({@code a} or {@code b}): a fresh one, made at its path, takes its
     * place; needs KEYS.
     */
    public Outcome<KeysState> declareLost(Access access, String folder) {
        access.require(Operation.KEYS);
        return told(
                access,
                EventType.KEYS_ROTATED,
                "folder " + folder,
                Map.of("folder", "declared lost"),
                () -> recovery.replace(folder));
    }

    /** Recomputes the tree's invariants; a sentence for each that is broken; needs MAINTAIN. */
    public List<String> check(Access access) {
        access.require(Operation.MAINTAIN);
        return new ArrayList<>(new TreeCheck(tree).run());
    }

    /**
     * What a destruction did.
     *
     * @param rekeyed copies whose keys were taken out now
     * @param epoch the epoch in force
     * @param complete leaves whose destruction is complete now
     * @param waiting leaves whose destruction isn't complete yet
     */
    public record Destroyed(long rekeyed, long epoch, long complete, long waiting) {}

    private <T> Outcome<T> told(
            Access access,
            EventType type,
            String object,
            Map<String, String> facts,
            Supplier<Outcome<T>> action) {
        try {
            trail.recordPublished(
                    event(access, type, Decision.GRANTED, object, facts, "step", "begins"));
        } catch (Unavailable unheard) {
            return Outcome.failed(unheard.problem());
        }
        Outcome<T> outcome;
        try {
            outcome = action.get();
        } catch (Unavailable away) {
            outcome = Outcome.failed(away.problem());
        }
        switch (outcome) {
            case Outcome.Done<T>(T value) ->
                    trail.record(
                            event(access, type, Decision.GRANTED, object, facts, "step", "done"));
            case Outcome.Deferred<T>(Problem problem) ->
                    trail.record(failed(access, type, object, facts, problem));
            case Outcome.Refused<T>(Problem problem) ->
                    trail.record(failed(access, type, object, facts, problem));
        }
        return outcome;
    }

    private static Event failed(
            Access access,
            EventType type,
            String object,
            Map<String, String> facts,
            Problem problem) {
        return event(access, type, Decision.FAILED, object, facts, "reason", problem.detail());
    }

    private static Event event(
            Access access,
            EventType type,
            Decision decision,
            String object,
            Map<String, String> facts,
            String key,
            String value) {
        Map<String, String> all = new TreeMap<>(facts);
        all.put(key, value);
        all.put("ticket", access.ticket().toString());
        return new Event(
                type, Event.INSTALLATION, access.actor(), decision, object, all, List.of());
    }

    private void tell(
            Tx tx,
            EventType type,
            TenantId tenant,
            String actor,
            String object,
            Map<String, String> facts) {
        tx.audit(trail.prepare(Event.granted(type, tenant, actor, object, facts)));
    }

    private static Outcome<KeysState> unsealed(KeysState state) {
        return switch (state) {
            case KeysState.Unsealed() -> Outcome.done(state);
            case KeysState.Sealed(String reason, String advice) ->
                    Outcome.failed(
                            Problem.temporary("The keys stay sealed.", reason + " " + advice));
        };
    }

    private static String named(KeyScope scope) {
        return switch (scope) {
            case KeyScope.Root() -> "root";
            case KeyScope.OfTenant(var tenant) -> "tenant " + tenant;
            case KeyScope.OfClass(var tenant, var dataClass) ->
                    "class " + dataClass.label() + " of tenant " + tenant;
            case KeyScope.OfMailbox(var tenant, var mailbox) ->
                    "mailbox " + mailbox + " of tenant " + tenant;
        };
    }
}
