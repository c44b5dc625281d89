package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Session;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.tickets.Operation;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What LIST says about folders, and about names that are subscribed to without one. */
final class Listed {
    private final SortedMap<String, Entry> entries = new TreeMap<>();
    private final Set<String> parents = new HashSet<>();

    /**
     * One name.
     *
     * @param folder empty if none has the name (any more): {@code \\NonExistent}
     */
    record Entry(FolderName name, Optional<Folder> folder, boolean subscribed) {
        /** The attribute of its special use; empty for none. */
        String specialUse() {
            return folder.map(it -> SpecialUses.attribute(it.specialUse())).orElse("");
        }
    }

    /**
     * @param folders all of the mailbox
     * @param lost names that are subscribed to though no folder has them
     */
    Listed(java.util.List<Folder> folders, java.util.List<FolderName> lost) {
        for (Folder folder : folders) {
            add(new Entry(folder.name(), Optional.of(folder), folder.subscribed()));
            mark(folder.name());
        }
        for (FolderName name : lost) {
            add(new Entry(name, Optional.empty(), true));
            // Its levels may be gone like itself; RECURSIVEMATCH speaks of them (RFC 5258 3.5).
            Optional<FolderName> above = name.parent();
            while (above.isPresent()) {
                entries.putIfAbsent(
                        above.get().value(), new Entry(above.get(), Optional.empty(), false));
                above = above.get().parent();
            }
        }
    }

    private void add(Entry entry) {
        entries.put(entry.name().value(), entry);
    }

    private void mark(FolderName name) {
        Optional<FolderName> above = name.parent();
        while (above.isPresent() && parents.add(above.get().value())) {
            above = above.get().parent();
        }
    }

    /** All names, in their order. */
    Collection<Entry> entries() {
        return entries.values();
    }

    /** The attributes of one (RFC 9051 7.3.1). */
    String attributes(Entry entry, boolean subscribed) {
        String exists = entry.folder().isPresent() ? "" : "\\NonExistent ";
        String children =
                parents.contains(entry.name().value()) ? "\\HasChildren" : "\\HasNoChildren";
        String use = entry.specialUse();
        return exists
                + children
                + (use.isEmpty() ? "" : " " + use)
                + (subscribed && entry.subscribed() ? " \\Subscribed" : "");
    }

    /** The attributes of one folder alone. */
    static String attributes(Session session, Folder folder) {
        java.util.List<Folder> all = session.mailbox(Operation.READ).folders();
        Entry entry = new Entry(folder.name(), Optional.of(folder), folder.subscribed());
        return new Listed(all, java.util.List.of()).attributes(entry, true);
    }

    /** Names below this one that an extended LIST selects. */
    java.util.List<FolderName> selectedBelow(FolderName name, ListOptions options) {
        return entries.values().stream()
                .filter(it -> it.name().isBelow(name) && options.selects(it))
                .map(Entry::name)
                .toList();
    }
}
