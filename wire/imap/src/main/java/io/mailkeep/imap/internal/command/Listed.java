package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Session;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.tickets.Operation;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What LIST says about folders. */
final class Listed {
    private final java.util.List<Folder> folders;
    private final Set<String> parents = new HashSet<>();

    /**
     * @param folders all of the mailbox
     */
    Listed(java.util.List<Folder> folders) {
        this.folders = folders;
        for (Folder folder : folders) {
            Optional<FolderName> above = folder.name().parent();
            while (above.isPresent() && parents.add(above.get().value())) {
                above = above.get().parent();
            }
        }
    }

    /** All folders. */
    java.util.List<Folder> folders() {
        return folders;
    }

    /** The attributes of one (RFC 9051 7.3.1). */
    String attributes(Folder folder, boolean subscribed) {
        String attributes =
                parents.contains(folder.name().value()) ? "\\HasChildren" : "\\HasNoChildren";
        String use = SpecialUses.attribute(folder.specialUse());
        return attributes
                + (use.isEmpty() ? "" : " " + use)
                + (subscribed && folder.subscribed() ? " \\Subscribed" : "");
    }

    /** The attributes of one folder alone. */
    static String attributes(Session session, Folder folder) {
        java.util.List<Folder> all = session.mailbox(Operation.READ).folders();
        return new Listed(all).attributes(folder, true);
    }

    /** Folders below this one that an extended LIST selects. */
    java.util.List<Folder> selectedBelow(FolderName name, ListOptions options) {
        return folders.stream()
                .filter(it -> it.name().isBelow(name) && options.selects(it))
                .toList();
    }
}
