package io.mailkeep.mailbox.internal;

import io.mailkeep.audit.Event;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Uid;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Mailbox.CopyResult;
import io.mailkeep.mailbox.Mailbox.Expunged;
import io.mailkeep.mailbox.Mailbox.FlagChange;
import io.mailkeep.mailbox.Mailbox.StoreResult;
import io.mailkeep.mailbox.MessageRow;
import io.mailkeep.mailbox.Refusal;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of message rows that need no key: flags, moves within the mailbox, expunging. */
public final class RowChanges {
    private static final Logger LOG = LoggerFactory.getLogger(RowChanges.class);

    private final Parts parts;
    private final Access access;
    private final TenantId tenant;
    private final MailboxId mailbox;
    private final Keywords keywords;

    public RowChanges(Parts parts, Access access, Keywords keywords) {
        this.parts = parts;
        this.access = access;
        this.tenant = access.tenant();
        this.mailbox = access.requireMailbox();
        this.keywords = keywords;
    }

    private record Stored(List<MessageTable.Row> rows, List<Uid> modified, int changed) {}

    /**
     * Changes flags (RFC 9051 6.4.6). With UNCHANGEDSINCE, messages with a higher MODSEQ are left
     * alone and named; the check and the change are one, under the mailbox's lock (RFC 7162 3.1.3).
     * A message whose flags are already so keeps its MODSEQ.
     */
    public Outcome<StoreResult> store(
            FolderId folder,
            Collection<Uid> uids,
            FlagChange change,
            Optional<ModSeq> unchangedSince) {
        access.require(Operation.FLAG);
        boolean make = change.mode() != FlagChange.Mode.REMOVE;
        return keywords.bits(change.flags().keywords(), make)
                .map(words -> {
                    MessageTable.Bits bits = bits(change, words);
                    Stored stored =
                            parts.backing()
                                    .rows()
                                    .inTenant(
                                            access,
                                            tx -> stored(tx, folder, uids, bits, unchangedSince));
                    if (stored.changed() > 0) {
                        parts.feed().changed(tenant, mailbox, folder);
                    }
                    return new StoreResult(shown(stored.rows()), stored.modified());
                });
    }

    private Stored stored(
            Tx tx,
            FolderId folder,
            Collection<Uid> uids,
            MessageTable.Bits bits,
            Optional<ModSeq> unchangedSince) {
        FolderTable folders = new FolderTable(tx.sql(), tenant, mailbox);
        MessageTable messages = new MessageTable(tx.sql(), tenant, mailbox);
        ModSeq modSeq = folders.lock();
        long limit = unchangedSince.map(ModSeq::value).orElse(Long.MAX_VALUE);
        List<Uid> modified =
                unchangedSince.isPresent() ? messages.newer(folder, uids, limit) : List.of();
        int changed = messages.store(folder, uids, bits, limit, modSeq);
        if (changed > 0) {
            folders.touch(folder, modSeq);
            told(tx, access, "store", changed);
        }
        Set<Uid> left = new HashSet<>(uids);
        modified.forEach(left::remove);
        return new Stored(messages.some(folder, left), modified, changed);
    }

    /**
     * The rows, or none if their keywords can't be read now ({@code FLT-39}): the change is made
     * all the same, and the change feed shows it later.
     */
    private List<MessageRow> shown(List<MessageTable.Row> rows) {
        try {
            return keywords.shown(rows);
        } catch (Unavailable sealed) {
            LOG.atWarn().log("flags changed, not shown: {}", sealed.problem().detail());
            return List.of();
        }
    }

    private static MessageTable.Bits bits(FlagChange change, long words) {
        int system = FlagBits.of(change.flags().system());
        return switch (change.mode()) {
            case SET -> new MessageTable.Bits(0, system, 0, words);
            case ADD -> new MessageTable.Bits(FlagBits.ALL, system, -1, words);
            case REMOVE -> new MessageTable.Bits(FlagBits.ALL & ~system, 0, ~words, 0);
        };
    }

    /**
     * Moves messages (RFC 6851): the same copies under new UIDs, the old ones gone, in one
     * transaction; no key and no body is touched (keytree: <em>Move</em>, same mailbox and class).
     */
    public Outcome<CopyResult> move(FolderId from, Collection<Uid> uids, FolderId to) {
        access.require(Operation.WRITE);
        Outcome<CopyResult> done =
                parts.backing().rows().inTenant(access, tx -> moved(tx, from, uids, to));
        if (done instanceof Outcome.Done<CopyResult>(CopyResult result)
                && !result.from().isEmpty()) {
            parts.feed().changed(tenant, mailbox, from);
            parts.feed().changed(tenant, mailbox, to);
        }
        return done;
    }

    private Outcome<CopyResult> moved(Tx tx, FolderId from, Collection<Uid> uids, FolderId to) {
        FolderTable folders = new FolderTable(tx.sql(), tenant, mailbox);
        MessageTable messages = new MessageTable(tx.sql(), tenant, mailbox);
        ModSeq modSeq = folders.lock();
        Optional<FolderTable.Row> target = folders.one(to);
        if (target.isEmpty()) {
            return Outcome.failed(Refusal.NOT_THERE.problem());
        }
        long validity = target.get().uidValidity();
        int count = messages.count(from, Optional.of(uids));
        if (count == 0) {
            return Outcome.done(new CopyResult(validity, List.of(), List.of()));
        }
        Optional<Long> first = folders.takeUids(to, count, modSeq);
        if (first.isEmpty()) {
            return Outcome.failed(Refusal.LIMIT_UIDS.problem());
        }
        List<MessageTable.Pair> pairs =
                messages.move(
                        new MessageTable.Way(from, to),
                        Optional.of(uids),
                        first.get(),
                        modSeq,
                        parts.now());
        folders.touch(from, modSeq);
        told(tx, access, "move", count);
        return Outcome.done(
                new CopyResult(
                        validity,
                        pairs.stream().map(MessageTable.Pair::from).toList(),
                        pairs.stream().map(MessageTable.Pair::to).toList()));
    }

    /** Hides messages marked deleted; destroying their keys comes later ({@code DAT-5}). */
    public Expunged expunge(FolderId folder, Optional<Collection<Uid>> only) {
        access.require(Operation.EXPUNGE);
        Expunged done =
                parts.backing()
                        .rows()
                        .inTenant(
                                access,
                                tx -> {
                                    FolderTable folders =
                                            new FolderTable(tx.sql(), tenant, mailbox);
                                    ModSeq modSeq = folders.lock();
                                    List<Uid> hidden =
                                            new MessageTable(tx.sql(), tenant, mailbox)
                                                    .hideDeleted(folder, only, parts.now(), modSeq);
                                    if (hidden.isEmpty()) {
                                        ModSeq highest =
                                                folders.one(folder)
                                                        .map(FolderTable.Row::modSeq)
                                                        .orElse(modSeq);
                                        return new Expunged(hidden, highest);
                                    }
                                    folders.touch(folder, modSeq);
                                    told(tx, access, "expunge", hidden.size());
                                    return new Expunged(hidden, modSeq);
                                });
        if (!done.uids().isEmpty()) {
            parts.feed().changed(tenant, mailbox, folder);
        }
        return done;
    }

    /** Tells the audit log of a change, in its transaction. */
    void told(Tx tx, Access by, String what, int count) {
        tx.audit(
                parts.backing()
                        .trail()
                        .prepare(
                                Event.granted(
                                        EventType.MAIL_CHANGED,
                                        tenant,
                                        by.actor(),
                                        mailbox.toString(),
                                        Map.of(
                                                "change",
                                                what,
                                                "count",
                                                Integer.toString(count),
                                                "ticket",
                                                by.ticket().toString()))));
    }
}
