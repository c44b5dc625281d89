package io.mailkeep.mailbox;

import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.internal.Copying;
import io.mailkeep.mailbox.internal.Folders;
import io.mailkeep.mailbox.internal.Keywords;
import io.mailkeep.mailbox.internal.MessageTable;
import io.mailkeep.mailbox.internal.Parts;
import io.mailkeep.mailbox.internal.RowChanges;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One mailbox, opened for somebody who may read it; every method checks the access' operation and
 * its revocation epoch again. Changes are durable, with their audit entry, when a method returns.
 *
 * <p>Throws {@link io.mailkeep.kernel.Unavailable} when the store can't answer now, and {@link
 * io.mailkeep.tickets.AccessDenied} once the ticket is revoked.
 */
public final class Mailbox {
    private final Parts parts;
    private final Access access;
    private final Keywords keywords;
    private final Folders folders;
    private final Reading reading;
    private final RowChanges changes;

    Mailbox(Parts parts, Access access) {
        this.parts = parts;
        this.access = access;
        this.keywords = new Keywords(parts, access);
        this.folders = new Folders(parts, access);
        this.reading = new Reading(parts, access, keywords);
        this.changes = new RowChanges(parts, access, keywords);
    }

    /** All folders, by name. */
    public List<Folder> folders() {
        return folders.list();
    }

    /** The folder of this name. */
    public Optional<Folder> folder(FolderName name) {
        return folders.named(name);
    }

    /** The folder of this id, read anew. */
    public Optional<Folder> folder(FolderId id) {
        return folders.one(id);
    }

    /**
     * Creates a folder, and the levels above it that don't exist; subscribed only if its name is
     * already (RFC 9051 6.3.4 has no word of it). Refused: exists already; limit reached.
     */
    public Outcome<Folder> create(FolderName name, SpecialUse use) {
        return folders.create(name, use);
    }

    /**
     * Deletes a folder; its messages are hidden as by expunge, a subscription to its name stays
     * (RFC 9051 6.3.7). Refused: INBOX, not there, has children.
     */
    public Outcome<Folder> delete(FolderName name) {
        return folders.delete(name);
    }

    /**
     * Renames a folder with all below it; INBOX instead moves its messages to a new folder.
     * Subscriptions stay with the names (RFC 9051 6.3.6).
     */
    public Outcome<Folder> rename(FolderName from, FolderName to) {
        return folders.rename(from, to);
    }

    /** Names that are subscribed to though no folder has them any more. */
    public List<FolderName> lostSubscriptions() {
        return folders.lostSubscriptions();
    }

    /** Subscribes, to a folder that is there; or unsubscribes, from any name. */
    public Outcome<FolderName> subscribe(FolderName name, boolean subscribed) {
        return folders.subscribe(name, subscribed);
    }

    /** Counts of a folder; empty if it was deleted meanwhile. */
    public Optional<FolderStatus> status(FolderId folder) {
        return folders.one(folder)
                .map(found -> {
                    MessageTable.Totals totals = reading.totals(folder);
                    return new FolderStatus(
                            found,
                            totals.messages(),
                            totals.unseen(),
                            totals.deleted(),
                            totals.size());
                });
    }

    /** The messages of a folder by ascending UID; none if it was deleted meanwhile. */
    public List<MessageRow> messages(FolderId folder) {
        return reading.messages(folder);
    }

    /** Messages changed since, and UIDs gone since. */
    public Changes changesSince(FolderId folder, ModSeq since) {
        return reading.changesSince(folder, since);
    }

    /** The keywords in use in this mailbox. */
    public Set<String> keywords() {
        access.require(Operation.READ);
        return Set.copyOf(keywords.names().values());
    }

    /**
     * Opens messages in the given order, one after another, calling back with each; one whose row
     * or key is gone meanwhile is left out. Writes one audit entry for the whole call, durable
     * before the first callback ({@code purpose}: the command's name, never content).
     */
    public void open(FolderId folder, Collection<Uid> uids, String purpose, Consumer<Opened> each) {
        reading.open(folder, uids, purpose, each);
    }

    /**
     * Changes flags; UIDs that aren't there are left out. Refused: {@link Refusal#LIMIT_KEYWORDS}
     * when a mailbox would get more keywords than fit.
     */
    public Outcome<StoreResult> store(
            FolderId folder,
            Collection<Uid> uids,
            FlagChange change,
            Optional<ModSeq> unchangedSince) {
        return changes.store(folder, uids, change, unchangedSince);
    }

    /**
     * Copies messages: new copies with keys of their own, one body. Refused: target not there;
     * limits.
     */
    public Outcome<CopyResult> copy(FolderId from, Collection<Uid> uids, FolderId to) {
        return new Copying(parts, access, changes).copy(from, uids, to);
    }

    /** Moves messages in one transaction: in both places or neither at no moment (RFC 6851). */
    public Outcome<CopyResult> move(FolderId from, Collection<Uid> uids, FolderId to) {
        return changes.move(from, uids, to);
    }

    /**
     * Hides those of the messages that have {@code \Deleted}; answers the UIDs hidden and the
     * MODSEQ of it.
     */
    public Expunged expunge(FolderId folder, Optional<Collection<Uid>> only) {
        return changes.expunge(folder, only);
    }

    /**
     * Calls back, on a thread of the feed's own and without content, whenever something in the
     * folder changes.
     */
    public Watch watch(FolderId folder, Runnable changed) {
        access.require(Operation.READ);
        MailboxId mailbox = access.requireMailbox();
        return new Watch(parts.feed().watch(access.tenant(), mailbox, folder, changed));
    }

    /** An opened message with its row. */
    public record Opened(MessageRow row, OpenedMessage message) {}

    /** Counts of a folder (RFC 9051 6.3.11). */
    public record FolderStatus(
            Folder folder, long messages, long unseen, long deleted, long size) {}

    /**
     * @param gone UIDs that left the folder
     */
    public record Changes(List<MessageRow> changed, List<Uid> gone, ModSeq highest) {}

    /** How flags change. */
    public record FlagChange(Mode mode, Flags flags) {
        /** Replace, add or remove. */
        public enum Mode {
            SET,
            ADD,
            REMOVE
        }
    }

    /**
     * What a STORE did.
     *
     * @param changed the rows after the change; none while their keywords can't be read
     * @param modified UIDs left alone because of UNCHANGEDSINCE
     */
    public record StoreResult(List<MessageRow> changed, List<Uid> modified) {}

    /** Source and target UIDs, pairwise in order. */
    public record CopyResult(long uidValidity, List<Uid> from, List<Uid> to) {}

    /** What an expunge took away. */
    public record Expunged(List<Uid> uids, ModSeq modSeq) {}

    /** Ends a watch. */
    public static final class Watch implements AutoCloseable {
        private final Runnable end;

        Watch(Runnable end) {
            this.end = end;
        }

        /** No callback starts after this. */
        @Override
        public void close() {
            end.run();
        }
    }

    /** The messages of a folder with these UIDs, ascending; those that are there. */
    public Map<Uid, MessageRow> rows(FolderId folder, Collection<Uid> uids) {
        Map<Uid, MessageRow> rows = new LinkedHashMap<>();
        reading.some(folder, uids).forEach(row -> rows.put(row.uid(), row));
        return rows;
    }
}
