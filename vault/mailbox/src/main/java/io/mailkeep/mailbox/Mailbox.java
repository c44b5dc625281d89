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
public final class Mailbox {
    /** All folders, by name. */
    public List<Folder> folders() {
        throw new UnsupportedOperationException();
    }

    /** The folder of this name. */
    public Optional<Folder> folder(FolderName name) {
        throw new UnsupportedOperationException();
    }

    /** The folder of this id, read anew. */
    public Optional<Folder> folder(FolderId id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Creates a folder, and the levels above it that don't exist. Refused: exists already; limit
     * reached.
     */
    public Outcome<Folder> create(FolderName name, SpecialUse use) {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes a folder; its messages are hidden as by expunge. Refused: INBOX, not there, has
     * children.
     */
    public Outcome<Folder> delete(FolderName name) {
        throw new UnsupportedOperationException();
    }

    /**
     * Renames a folder with all below it; INBOX instead moves its messages to a new folder (RFC
     * 9051 6.3.6).
     */
    public Outcome<Folder> rename(FolderName from, FolderName to) {
        throw new UnsupportedOperationException();
    }

    /** Subscribes or unsubscribes. Refused: not there. */
    public Outcome<Folder> subscribe(FolderName name, boolean subscribed) {
        throw new UnsupportedOperationException();
    }

    /** Counts of a folder; empty if it was deleted meanwhile. */
    public Optional<FolderStatus> status(FolderId folder) {
        throw new UnsupportedOperationException();
    }

    /** The messages of a folder by ascending UID; none if it was deleted meanwhile. */
    public List<MessageRow> messages(FolderId folder) {
        throw new UnsupportedOperationException();
    }

    /** Messages changed since, and UIDs gone since. */
    public Changes changesSince(FolderId folder, ModSeq since) {
        throw new UnsupportedOperationException();
    }

    /** The keywords in use in this mailbox. */
    public Set<String> keywords() {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens messages in the given order, one after another, calling back with each; one whose row
     * or key is gone meanwhile is left out. Writes one audit entry for the whole call, durable
     * before the first callback ({@code purpose}: the command's name, never content).
     */
    public void open(
            FolderId folder, Collection<Uid> uids, String purpose, Consumer<Opened> reader) {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /**
     * Copies messages: new copies with keys of their own, one body. Refused: target not there;
     * limits.
     */
    public Outcome<CopyResult> copy(FolderId from, Collection<Uid> uids, FolderId to) {
        throw new UnsupportedOperationException();
    }

    /** Moves messages in one transaction: in both places or neither at no moment (RFC 6851). */
    public Outcome<CopyResult> move(FolderId from, Collection<Uid> uids, FolderId to) {
        throw new UnsupportedOperationException();
    }

    /**
     * Hides those of the messages that have {@code \Deleted}; answers the UIDs hidden and the
     * MODSEQ of it.
     */
    public Expunged expunge(FolderId folder, Optional<Collection<Uid>> only) {
        throw new UnsupportedOperationException();
    }

    /**
     * Calls back, on a thread of the feed's own and without content, whenever something in the
     * folder changes.
     */
    public Watch watch(FolderId folder, Runnable changed) {
        throw new UnsupportedOperationException();
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
     * @param changed the rows after the change
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

    /** Kept for callers that need a folder's copies by UID. */
    public Map<Uid, MessageRow> rows(FolderId folder, Collection<Uid> uids) {
        throw new UnsupportedOperationException();
    }
}
