package io.mailkeep.mailbox;

import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import java.util.Collection;
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
public interface Mailbox {
    /** All folders, by name. */
    List<Folder> folders();

    /** The folder of this name. */
    Optional<Folder> folder(FolderName name);

    /** The folder of this id, read anew. */
    Optional<Folder> folder(FolderId id);

    /**
     * Creates a folder, and the levels above it that don't exist. Refused: exists already; limit
     * reached.
     */
    Outcome<Folder> create(FolderName name, SpecialUse use);

    /**
     * Deletes a folder; its messages are hidden as by expunge. Refused: INBOX, not there, has
     * children.
     */
    Outcome<Folder> delete(FolderName name);

    /**
     * Renames a folder with all below it; INBOX instead moves its messages to a new folder (RFC
     * 9051 6.3.6).
     */
    Outcome<Folder> rename(FolderName from, FolderName to);

    /** Subscribes or unsubscribes. Refused: not there. */
    Outcome<Folder> subscribe(FolderName name, boolean subscribed);

    /** Counts of a folder. */
    FolderStatus status(FolderId folder);

    /** The messages of a folder by ascending UID. */
    List<MessageRow> messages(FolderId folder);

    /** Messages changed since, and UIDs gone since. */
    Changes changesSince(FolderId folder, ModSeq since);

    /** The keywords in use in this mailbox. */
    Set<String> keywords();

    /**
     * Opens messages in the given order, one after another, calling back with each; one whose row
     * or key is gone meanwhile is left out. Writes one audit entry for the whole call, durable
     * before the first callback ({@code purpose}: the command's name, never content).
     */
    void open(FolderId folder, Collection<Uid> uids, String purpose, Consumer<Opened> reader);

    /** Changes flags. */
    StoreResult store(
            FolderId folder,
            Collection<Uid> uids,
            FlagChange change,
            Optional<ModSeq> unchangedSince);

    /**
     * Copies messages: new copies with keys of their own, one body. Refused: target not there;
     * limits.
     */
    Outcome<CopyResult> copy(FolderId from, Collection<Uid> uids, FolderId to);

    /** Moves messages in one transaction: in both places or neither at no moment (RFC 6851). */
    Outcome<CopyResult> move(FolderId from, Collection<Uid> uids, FolderId to);

    /**
     * Hides those of the messages that have {@code \Deleted}; answers the UIDs hidden and the
     * MODSEQ of it.
     */
    Expunged expunge(FolderId folder, Optional<Collection<Uid>> only);

    /**
     * Calls back, on a thread of the feed's own and without content, whenever something in the
     * folder changes.
     */
    Watch watch(FolderId folder, Runnable changed);

    /** An opened message with its row. */
    record Opened(MessageRow row, OpenedMessage message) {}

    /** Counts of a folder (RFC 9051 6.3.11). */
    record FolderStatus(Folder folder, long messages, long unseen, long deleted, long size) {}

    /**
     * @param gone UIDs that left the folder
     */
    record Changes(List<MessageRow> changed, List<Uid> gone, ModSeq highest) {}

    /** How flags change. */
    record FlagChange(Mode mode, Flags flags) {
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
     * @param changed the rows after the change
     * @param modified UIDs left alone because of UNCHANGEDSINCE
     */
    record StoreResult(List<MessageRow> changed, List<Uid> modified) {}

    /** Source and target UIDs, pairwise in order. */
    record CopyResult(long uidValidity, List<Uid> from, List<Uid> to) {}

    /** What an expunge took away. */
    record Expunged(List<Uid> uids, ModSeq modSeq) {}

    /** Ends a watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Kept for callers that need a folder's copies by UID. */
    Map<Uid, MessageRow> rows(FolderId folder, Collection<Uid> uids);
}
