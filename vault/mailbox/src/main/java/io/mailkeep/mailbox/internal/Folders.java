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
     * @param leaves of all folders, also of those whose name can't be opened
     */
    private record Listing(Map<FolderName, FolderTable.Row> named, Set<LeafId> leaves) {}

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

    /** Creates a folder and what is missing above it. */
    public Outcome<Folder> create(FolderName name, SpecialUse use) {
        access.require(Operation.FOLDERS);
        return changing(rows -> {
            if (rows.containsKey(name)) {
                return Outcome.failed(Refusal.EXISTS.problem());
            }
            if (use == SpecialUse.INBOX) {
                return Outcome.failed(Refusal.CANNOT.problem());
            }
            return missing(rows, name)
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
                changing(rows -> {
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
                changing(rows -> {
                    FolderTable.Row row = rows.get(from);
                    if (row == null) {
                        return Outcome.failed(Refusal.NOT_THERE.problem());
                    }
                    if (rows.containsKey(to)) {
                        return Outcome.failed(Refusal.EXISTS.problem());
                    }
                    if (from.isInbox()) {
                        return missing(rows, to).map(fresh -> emptied(row, fresh, to));
                    }
                    if (to.isBelow(from)) {
                        return Outcome.failed(Refusal.CANNOT.problem());
                    }
                    return to.parent()
                            .map(parent -> missing(rows, parent))
                            .orElseGet(() -> Outcome.done(new LinkedHashMap<>()))
                            .map(fresh -> renamed(rows, fresh, from, to));
                });
        return announced(done);
    }

    /** Subscribes or unsubscribes. */
    public Outcome<Folder> subscribe(FolderName name, boolean subscribed) {
        access.require(Operation.FOLDERS);
        return changing(rows -> {
            FolderTable.Row row = rows.get(name);
            if (row == null) {
                return Outcome.failed(Refusal.NOT_THERE.problem());
            }
            return Outcome.done((tx, table, _) -> {
                table.subscribe(row.id(), subscribed);
                told(tx, subscribed ? "subscribe" : "unsubscribe", 1);
                return table.one(row.id()).orElse(row).folder(name);
            });
        });
    }

    /** INBOX stays, its messages go to a new folder (RFC 9051 6.3.6); folders below INBOX stay. */
    private Change<Folder> emptied(
            FolderTable.Row inbox, Map<FolderName, Names.Fresh> fresh, FolderName to) {
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

    private Change<Folder> renamed(
            Map<FolderName, FolderTable.Row> rows,
            Map<FolderName, Names.Fresh> above,
            FolderName from,
            FolderName to) {
        Map<FolderTable.Row, Names.Fresh> moved = new LinkedHashMap<>();
        rows.forEach((name, row) -> {
            if (name.equals(from) || name.isBelow(from)) {
                String next = to.value() + name.value().substring(from.value().length());
                moved.put(row, names.seal(LeafKind.FOLDER_NAME, next));
            }
        });
        FolderTable.Row row = java.util.Objects.requireNonNull(rows.get(from));
        return (tx, table, modSeq) -> {
            above.forEach((_, fresh) -> add(table, fresh, SpecialUse.NONE, modSeq));
            moved.forEach(table::rename);
            told(tx, "rename", moved.size());
            return row.folder(to);
        };
    }

    private Outcome<Map<FolderName, Names.Fresh>> missing(
            Map<FolderName, FolderTable.Row> rows, FolderName name) {
        List<FolderName> wanted = new ArrayList<>();
        Optional<FolderName> level = Optional.of(name);
        while (level.isPresent() && !rows.containsKey(level.get())) {
            wanted.addFirst(level.get());
            level = level.get().parent();
        }
        if (rows.size() + wanted.size() > parts.limits().folders()) {
            return Outcome.failed(Refusal.LIMIT_FOLDERS.problem());
        }
        Map<FolderName, Names.Fresh> fresh = new LinkedHashMap<>();
        wanted.forEach(one -> fresh.put(one, names.seal(LeafKind.FOLDER_NAME, one.value())));
        return Outcome.done(fresh);
    }

    private Folder insert(
            FolderTable table,
            Map<FolderName, Names.Fresh> fresh,
            FolderName name,
            SpecialUse use,
            ModSeq modSeq) {
        Optional<Folder> made = Optional.empty();
        for (Map.Entry<FolderName, Names.Fresh> one : fresh.entrySet()) {
            boolean last = one.getKey().equals(name);
            FolderTable.Row row = add(table, one.getValue(), last ? use : SpecialUse.NONE, modSeq);
            made = Optional.of(row.folder(one.getKey()));
        }
        return made.orElseThrow();
    }

    private FolderTable.Row add(
            FolderTable table, Names.Fresh fresh, SpecialUse use, ModSeq modSeq) {
        return table.insert(new FolderId(parts.randomness().uuid()), fresh, use, modSeq);
    }

    private <T> Outcome<T> changing(
            Function<Map<FolderName, FolderTable.Row>, Outcome<Change<T>>> plan) {
        for (int attempt = 0; attempt < parts.limits().attempts(); attempt++) {
            parts.pause(attempt);
            Listing listing = listing();
            Optional<Outcome<T>> done =
                    switch (plan.apply(listing.named())) {
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
            parts.feed().changed(mailbox, folder.id());
        }
        return outcome;
    }

    private Listing listing() {
        List<FolderTable.Row> all = parts.backing().rows().inTenant(access, tx -> table(tx).all());
        Set<LeafId> leaves = new HashSet<>();
        all.forEach(row -> leaves.add(row.leaf()));
        return new Listing(opened(all), leaves);
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
