package io.mailkeep.mailbox.internal;

import io.mailkeep.database.HolderRekeyed;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Uid;
import io.mailkeep.keys.CopyTwin;
import io.mailkeep.keys.SealedCopy;
import io.mailkeep.mailbox.Mailbox.CopyResult;
import io.mailkeep.mailbox.Refusal;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * COPY (RFC 9051 6.4.7): each message becomes a copy of its own with a key of its own, so that one
 * can be destroyed without the other; the body is stored once and its key shared.
 *
 * <p>All or none. A copy has no segment record of its own: after a database went back by more than
 * the copy is old, its original is rebuilt and the copy is lost, as flags and moves are.
 */
public final class Copying {
    private final Parts parts;
    private final Access access;
    private final TenantId tenant;
    private final MailboxId mailbox;
    private final RowChanges changes;

    private record Fresh(MessageTable.Row source, SealedCopy sealed, byte[] meta) {}

    public Copying(Parts parts, Access access, RowChanges changes) {
        this.parts = parts;
        this.access = access;
        this.tenant = access.tenant();
        this.mailbox = access.requireMailbox();
        this.changes = changes;
    }

    /** Copies messages. */
    public Outcome<CopyResult> copy(FolderId from, Collection<Uid> uids, FolderId to) {
        access.require(Operation.WRITE);
        List<Uid> wanted = uids.stream().distinct().sorted().toList();
        for (int attempt = 0; attempt < parts.limits().attempts(); attempt++) {
            parts.pause(attempt);
            Optional<List<MessageTable.Full>> rows = rows(from, wanted);
            if (rows.isEmpty()) {
                return Outcome.failed(Refusal.LIMIT_COPY.problem());
            }
            List<Fresh> fresh = sealed(rows.get());
            Optional<Outcome<CopyResult>> done = committed(new MessageTable.Way(from, to), fresh);
            if (done.isPresent()) {
                if (done.get() instanceof Outcome.Done<CopyResult> && !fresh.isEmpty()) {
                    parts.feed().changed(tenant, mailbox, to);
                }
                return done.get();
            }
        }
        throw Parts.contended("copy");
    }

    /** The rows; empty if they are more than one command may copy. */
    private Optional<List<MessageTable.Full>> rows(FolderId from, List<Uid> wanted) {
        return parts.backing()
                .rows()
                .reading(
                        tenant,
                        tx -> {
                            MessageTable table = new MessageTable(tx.sql(), tenant, mailbox);
                            int count = table.count(from, Optional.of(wanted));
                            if (count > parts.limits().copyMessages()) {
                                return Optional.empty();
                            }
                            List<MessageTable.Full> all =
                                    table.full(from, wanted, parts.limits().copyBytes());
                            return all.size() < count ? Optional.empty() : Optional.of(all);
                        });
    }

    private List<Fresh> sealed(List<MessageTable.Full> rows) {
        Map<CopyId, CopyId> further = new HashMap<>();
        rows.forEach(row -> further.put(row.row().copy(), new CopyId(parts.randomness().uuid())));
        Map<CopyId, CopyTwin> twins = parts.backing().readingKeys().twins(access, further);
        List<Fresh> fresh = new ArrayList<>();
        for (MessageTable.Full row : rows) {
            CopyId before = row.row().copy();
            CopyTwin twin = twins.get(before);
            if (twin == null) {
                continue;
            }
            SealedCopy sealed = parts.backing().deliveryKeys().seal(access, row.dataClass(), twin);
            byte[] meta = Meta.reseal(row.meta(), before, twin, tenant, mailbox);
            fresh.add(new Fresh(row.row(), sealed, meta));
        }
        return fresh;
    }

    /** Empty if a source was moved or expunged, or a key renewed, meanwhile. */
    private Optional<Outcome<CopyResult>> committed(MessageTable.Way way, List<Fresh> fresh) {
        try {
            return Optional.of(
                    parts.backing().rows().inTenant(access, tx -> inserted(tx, way, fresh)));
        } catch (HolderRekeyed | SourceChanged again) {
            return Optional.empty();
        }
    }

    private Outcome<CopyResult> inserted(Tx tx, MessageTable.Way way, List<Fresh> fresh) {
        FolderTable folders = new FolderTable(tx.sql(), tenant, mailbox);
        ModSeq modSeq = folders.lock();
        Optional<FolderTable.Row> target = folders.one(way.to());
        if (target.isEmpty()) {
            return Outcome.failed(Refusal.NOT_THERE.problem());
        }
        long validity = target.get().uidValidity();
        if (fresh.isEmpty()) {
            return Outcome.done(new CopyResult(validity, List.of(), List.of()));
        }
        Optional<Long> first = folders.takeUids(way.to(), fresh.size(), modSeq);
        if (first.isEmpty()) {
            return Outcome.failed(Refusal.LIMIT_UIDS.problem());
        }
        MessageTable messages = new MessageTable(tx.sql(), tenant, mailbox);
        int rows =
                messages.copy(
                        way,
                        fresh.stream().map(one -> one.source().copy()).toList(),
                        fresh.stream()
                                .map(one -> new MessageTable.Twin(one.sealed(), one.meta()))
                                .toList(),
                        first.get(),
                        modSeq,
                        parts.now());
        if (rows != fresh.size()) {
            throw new SourceChanged();
        }
        changes.told(tx, access, "copy", rows);
        List<Uid> to = new ArrayList<>();
        for (int i = 0; i < fresh.size(); i++) {
            to.add(new Uid(first.get() + i));
        }
        return Outcome.done(
                new CopyResult(
                        validity, fresh.stream().map(one -> one.source().uid()).toList(), to));
    }

    /** Rolls the transaction back. */
    private static final class SourceChanged extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
