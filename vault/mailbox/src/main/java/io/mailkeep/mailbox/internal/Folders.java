package io.mailkeep.mailbox.internal;

import io.mailkeep.audit.Event;
import io.mailkeep.database.HolderRekeyed;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.mailbox.Refusal;
import io.mailkeep.mailbox.SpecialUse;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The folders of one mailbox. Names are cipher text, so the database can't keep them apart: a
 * change is planned on the opened names, and committed only if no name changed meanwhile.
 */
public final class Folders {
    private final Parts parts;
    private final Access access;
    private final TenantId tenant;
    private final MailboxId mailbox;
    private final Names names;

    /** What is to be done in the transaction, once it is sure that no name changed. */
    private interface Change<T> {
        T apply(Tx tx, FolderTable table, ModSeq modSeq);
    }

    /**
     * @param lost names that are subscribed to without a folder
     * @param leaves of all names, also of those that can't be opened
     */
    private record Listing(
            Map<FolderName, FolderTable.Row> named,
            Map<FolderName, LeafId> lost,
            Set<LeafId> leaves) {}

    private record Stored(List<FolderTable.Row> folders, List<Names.Sealed> lost) {}

    /** A name for a folder, with the subscription that it takes over. */
    private record Place(Names.Fresh name, Optional<LeafId> lost) {}

    public Folders(Parts parts, Access access) {
        this.parts = parts;
        this.access = access;
        this.tenant = access.tenant();
        this.mailbox = access.requireMailbox();
        this.names = new Names(parts.backing().readingKeys(), access, tenant, mailbox);
    }

    /** All folders by name. */
    public List<Folder> list() {
        access.require(Operation.READ);
        return rows().entrySet().stream().map(one -> one.getValue().folder(one.getKey())).toList();
    }

    /** One folder by name. */
    public Optional<Folder> named(FolderName name) {
        access.require(Operation.READ);
        return Optional.ofNullable(rows().get(name)).map(row -> row.folder(name));
    }

    /** One folder by id. */
    public Optional<Folder> one(FolderId id) {
        access.require(Operation.READ);
        Optional<FolderTable.Row> row =
                parts.backing().rows().inTenant(access, tx -> table(tx).one(id));
        return row.flatMap(found ->
                opened(List.of(found)).entrySet().stream()
                        .findFirst()
                        .map(one -> one.getValue().folder(one.getKey())));
    }

    /** Names that are subscribed to without a folder. */
    public List<FolderName> lostSubscriptions() {
        access.require(Operation.READ);
        return List.copyOf(listing().lost().keySet());
    }

    /** Creates a folder and what is missing above it. */
    public Outcome<Folder> create(FolderName name, SpecialUse use) {
        access.require(Operation.FOLDERS);
        return changing(listing -> {
            Map<FolderName, FolderTable.Row> rows = listing.named();
            if (rows.containsKey(name)) {
                return Outcome.failed(Refusal.EXISTS.problem());
            }
            if (use == SpecialUse.INBOX) {
                return Outcome.failed(Refusal.CANNOT.problem());
            }
            return missing(listing, name)
                    .map(fresh ->
                            (tx, table, modSeq) -> {
                                told(tx, "create", fresh.size());
                                return insert(table, fresh, name, use, modSeq);
                            });
        });
    }

    /** Deletes a folder and hides its messages. */
    public Outcome<Folder> delete(FolderName name) {
        access.require(Operation.FOLDERS);
        Outcome<Folder> done =
                changing(listing -> {
                    Map<FolderName, FolderTable.Row> rows = listing.named();
                    FolderTable.Row row = rows.get(name);
                    if (row == null) {
                        return Outcome.failed(Refusal.NOT_THERE.problem());
                    }
                    if (name.isInbox()) {
                        return Outcome.failed(Refusal.CANNOT.problem());
                    }
                    if (rows.keySet().stream().anyMatch(other -> other.isBelow(name))) {
                        return Outcome.failed(Refusal.HAS_CHILDREN.problem());
                    }
                    return Outcome.done((tx, table, modSeq) -> {
                        int hidden = messages(tx).hideAll(row.id(), parts.now(), modSeq);
                        table.remove(row);
                        table.release(row, remembered(listing, row));
                        told(tx, "delete", hidden);
                        return row.folder(name);
                    });
                });
        return announced(done);
    }

    /** Renames a folder with all below it, or empties INBOX into a new one. */
    public Outcome<Folder> rename(FolderName from, FolderName to) {
        access.require(Operation.FOLDERS);
        Outcome<Folder> done =
                changing(listing -> {
                    Map<FolderName, FolderTable.Row> rows = listing.named();
                    FolderTable.Row row = rows.get(from);
                    if (row == null) {
                        return Outcome.failed(Refusal.NOT_THERE.problem());
                    }
                    if (rows.containsKey(to)) {
                        return Outcome.failed(Refusal.EXISTS.problem());
                    }
                    if (from.isInbox()) {
                        return missing(listing, to).map(fresh -> emptied(row, fresh, to));
                    }
                    if (to.isBelow(from) || tooLong(rows, from, to)) {
                        return Outcome.failed(Refusal.CANNOT.problem());
                    }
                    return to.parent()
                            .map(parent -> missing(listing, parent))
                            .orElseGet(() -> Outcome.done(new LinkedHashMap<>()))
                            .map(fresh -> renamed(listing, fresh, from, to));
                });
        return announced(done);
    }

    /** Subscribes to a folder, or unsubscribes from a name. */
    public Outcome<FolderName> subscribe(FolderName name, boolean subscribed) {
        access.require(Operation.FOLDERS);
        return changing(listing -> {
            FolderTable.Row row = listing.named().get(name);
            LeafId lost = listing.lost().get(name);
            if (row == null && subscribed) {
                return Outcome.failed(Refusal.NOT_THERE.problem());
            }
            return Outcome.done((tx, table, _) -> {
                if (row != null) {
                    table.subscribe(row.id(), subscribed);
                } else if (lost != null) {
                    table.forget(lost);
                }
                told(tx, subscribed ? "subscribe" : "unsubscribe", 1);
                return name;
            });
        });
    }

    /** A name's subscription outlives its folder, as long as there aren't more than folders. */
    private boolean remembered(Listing listing, FolderTable.Row row) {
        return row.subscribed() && listing.lost().size() < parts.limits().folders();
    }

    /** INBOX stays, its messages go to a new folder (RFC 9051 6.3.6); folders below INBOX stay. */
    private Change<Folder> emptied(
            FolderTable.Row inbox, Map<FolderName, Place> fresh, FolderName to) {
        return (tx, table, modSeq) -> {
            Folder made = insert(table, fresh, to, SpecialUse.NONE, modSeq);
            MessageTable messages = messages(tx);
            int count = messages.count(inbox.id(), Optional.empty());
            long first = table.takeUids(made.id(), count, modSeq).orElseThrow();
            messages.move(
                    new MessageTable.Way(inbox.id(), made.id()),
                    Optional.empty(),
                    first,
                    modSeq,
                    parts.now());
            table.touch(inbox.id(), modSeq);
            told(tx, "rename", count);
            return table.one(made.id()).orElseThrow().folder(to);
        };
    }

    /** Whether some folder below would get a name that no client could give. */
    private static boolean tooLong(
            Map<FolderName, FolderTable.Row> rows, FolderName from, FolderName to) {
        return rows.keySet().stream()
                .filter(name -> name.isBelow(from))
                .anyMatch(name -> FolderName.parse(below(name, from, to)).isEmpty());
    }

    private static String below(FolderName name, FolderName from, FolderName to) {
        return to.value() + name.value().substring(from.value().length());
    }

    private Change<Folder> renamed(
            Listing listing, Map<FolderName, Place> above, FolderName from, FolderName to) {
        Map<FolderName, FolderTable.Row> rows = listing.named();
        Map<FolderTable.Row, Place> moved = new LinkedHashMap<>();
        rows.forEach((name, row) -> {
            if (name.equals(from) || name.isBelow(from)) {
                moved.put(row, place(listing, new FolderName(below(name, from, to))));
            }
        });
        FolderTable.Row row = java.util.Objects.requireNonNull(rows.get(from));
        return (tx, table, modSeq) -> {
            above.forEach((_, fresh) -> add(table, fresh, SpecialUse.NONE, modSeq));
            moved.forEach((old, next) -> {
                table.rename(old, next.name(), next.lost().isPresent());
                table.release(old, remembered(listing, old));
                next.lost().ifPresent(table::forget);
            });
            told(tx, "rename", moved.size());
            return row.folder(to);
        };
    }

    private Outcome<Map<FolderName, Place>> missing(Listing listing, FolderName name) {
        Map<FolderName, FolderTable.Row> rows = listing.named();
        List<FolderName> wanted = new ArrayList<>();
        Optional<FolderName> level = Optional.of(name);
        while (level.isPresent() && !rows.containsKey(level.get())) {
            wanted.addFirst(level.get());
            level = level.get().parent();
        }
        if (rows.size() + wanted.size() > parts.limits().folders()) {
            return Outcome.failed(Refusal.LIMIT_FOLDERS.problem());
        }
        Map<FolderName, Place> fresh = new LinkedHashMap<>();
        wanted.forEach(one -> fresh.put(one, place(listing, one)));
        return Outcome.done(fresh);
    }

    private Place place(Listing listing, FolderName name) {
        return new Place(
                names.seal(LeafKind.FOLDER_NAME, name.value()),
                Optional.ofNullable(listing.lost().get(name)));
    }

    private Folder insert(
            FolderTable table,
            Map<FolderName, Place> fresh,
            FolderName name,
            SpecialUse use,
            ModSeq modSeq) {
        Optional<Folder> made = Optional.empty();
        for (Map.Entry<FolderName, Place> one : fresh.entrySet()) {
            boolean last = one.getKey().equals(name);
            FolderTable.Row row = add(table, one.getValue(), last ? use : SpecialUse.NONE, modSeq);
            made = Optional.of(row.folder(one.getKey()));
        }
        return made.orElseThrow();
    }

    private FolderTable.Row add(FolderTable table, Place fresh, SpecialUse use, ModSeq modSeq) {
        fresh.lost().ifPresent(table::forget);
        FolderId id = new FolderId(parts.randomness().uuid());
        return table.insert(id, fresh.name(), use, fresh.lost().isPresent(), modSeq);
    }

    private <T> Outcome<T> changing(Function<Listing, Outcome<Change<T>>> plan) {
        for (int attempt = 0; attempt < parts.limits().attempts(); attempt++) {
            parts.pause(attempt);
            Listing listing = listing();
            Optional<Outcome<T>> done =
                    switch (plan.apply(listing)) {
                        case Outcome.Done<Change<T>>(Change<T> change) ->
                                committed(listing.leaves(), change);
                        case Outcome.Deferred<Change<T>>(var problem) ->
                                Optional.of(Outcome.failed(problem));
                        case Outcome.Refused<Change<T>>(var problem) ->
                                Optional.of(Outcome.failed(problem));
                    };
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw Parts.contended("folder change");
    }

    /** Empty if a name or a key changed since the plan was made. */
    private <T> Optional<Outcome<T>> committed(Set<LeafId> seen, Change<T> change) {
        try {
            return parts.backing()
                    .rows()
                    .inTenant(
                            access,
                            tx -> {
                                FolderTable table = table(tx);
                                Optional<ModSeq> modSeq = table.nextModSeq();
                                if (modSeq.isEmpty()) {
                                    return Optional.of(
                                            Outcome.failed(Refusal.NO_MAILBOX.problem()));
                                }
                                if (!table.leaves().equals(seen)) {
                                    return Optional.empty();
                                }
                                return Optional.of(
                                        Outcome.done(change.apply(tx, table, modSeq.get())));
                            });
        } catch (HolderRekeyed stale) {
            return Optional.empty();
        }
    }

    private Outcome<Folder> announced(Outcome<Folder> outcome) {
        if (outcome instanceof Outcome.Done<Folder>(Folder folder)) {
            parts.feed().changed(tenant, mailbox, folder.id());
        }
        return outcome;
    }

    private Listing listing() {
        Stored stored =
                parts.backing()
                        .rows()
                        .inTenant(access, tx -> new Stored(table(tx).all(), table(tx).lost()));
        List<FolderTable.Row> all = stored.folders();
        List<Names.Sealed> lost = stored.lost();
        Set<LeafId> leaves = new HashSet<>();
        all.forEach(row -> leaves.add(row.leaf()));
        lost.forEach(name -> leaves.add(name.leaf()));
        return new Listing(opened(all), openedLost(lost), leaves);
    }

    private Map<FolderName, LeafId> openedLost(List<Names.Sealed> lost) {
        Map<FolderName, LeafId> named = new TreeMap<>(Comparator.comparing(FolderName::value));
        if (!lost.isEmpty()) {
            names.open(LeafKind.FOLDER_NAME, lost)
                    .forEach((leaf, name) -> named.put(new FolderName(name), leaf));
        }
        return named;
    }

    private Map<FolderName, FolderTable.Row> rows() {
        return listing().named();
    }

    private Map<FolderName, FolderTable.Row> opened(List<FolderTable.Row> rows) {
        Map<LeafId, String> clear =
                names.open(
                        LeafKind.FOLDER_NAME,
                        rows.stream()
                                .map(row -> new Names.Sealed(row.leaf(), row.name()))
                                .toList());
        Map<FolderName, FolderTable.Row> named =
                new TreeMap<>(Comparator.comparing(FolderName::value));
        for (FolderTable.Row row : rows) {
            String name = clear.get(row.leaf());
            if (name != null) {
                named.put(new FolderName(name), row);
            }
        }
        return named;
    }

    private void told(Tx tx, String what, int count) {
        tx.audit(
                parts.backing()
                        .trail()
                        .prepare(
                                Event.granted(
                                        EventType.FOLDER_CHANGED,
                                        tenant,
                                        access.actor(),
                                        mailbox.toString(),
                                        Map.of(
                                                "change",
                                                what,
                                                "count",
                                                Integer.toString(count),
                                                "ticket",
                                                access.ticket().toString()))));
    }

    private FolderTable table(Tx tx) {
        return new FolderTable(tx.sql(), tenant, mailbox);
    }

    private MessageTable messages(Tx tx) {
        return new MessageTable(tx.sql(), tenant, mailbox);
    }
}
