package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.BadCommand;
import io.mailkeep.imap.internal.ResponseWriter;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.Mailbox.FolderStatus;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What STATUS tells (RFC 9051 6.3.11, RFC 7162 3.1.7, RFC 3501 for RECENT). */
enum StatusItem {
    MESSAGES,
    UIDNEXT,
    UIDVALIDITY,
    UNSEEN,
    DELETED,
    SIZE,
    HIGHESTMODSEQ,
    RECENT;

    private static final long UID_MAX = 0xFFFF_FFFFL;

    /** Reads a parenthesised list of them. */
    static Set<StatusItem> parse(Tokens arguments) {
        return new LinkedHashSet<>(arguments.list(32, false, () -> one(arguments.keyword())));
    }

    private static StatusItem one(String keyword) {
        for (StatusItem item : values()) {
            if (item.name().equals(keyword)) {
                return item;
            }
        }
        throw new BadCommand("Unknown STATUS item");
    }

    private long value(FolderStatus status) {
        return switch (this) {
            case MESSAGES -> status.messages();
            case UIDNEXT -> Math.min(status.folder().uidNext(), UID_MAX);
            case UIDVALIDITY -> status.folder().uidValidity();
            case UNSEEN -> status.unseen();
            case DELETED -> status.deleted();
            case SIZE -> status.size();
            case HIGHESTMODSEQ -> status.folder().highest().value();
            case RECENT -> 0;
        };
    }

    /** Writes the response, unless the folder was deleted meanwhile. */
    static boolean write(Session session, Mailbox mailbox, Folder folder, Set<StatusItem> items)
            throws IOException {
        Optional<FolderStatus> status = mailbox.status(folder.id());
        if (status.isEmpty()) {
            return false;
        }
        if (items.contains(HIGHESTMODSEQ)) {
            session.enableCondStore();
        }
        ResponseWriter out = session.out();
        out.raw("* STATUS ").folder(folder.name()).raw(" (");
        out.raw(
                items.stream()
                        .map(item -> item + " " + item.value(status.get()))
                        .collect(Collectors.joining(" ")));
        out.raw(")").end();
        return true;
    }
}
