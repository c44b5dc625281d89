package io.mailkeep.testing.torture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What the owners see in their mailboxes at one moment.
 *
 * @param folders by account
 */
record Snapshot(Map<String, List<Folder>> folders) {
    /** Before anything was looked at. */
    static final Snapshot NOTHING = new Snapshot(Map.of());

    /**
     * A folder.
     *
     * @param place its mark, which stays through renames; of a folder that isn't the load's, its
     *     name
     */
    record Folder(
            String name,
            String place,
            long validity,
            long uidNext,
            long modSeq,
            SortedMap<Long, Message> messages) {}

    /**
     * A message.
     *
     * @param letter the load's id of it; empty if it is none of the load's
     * @param digest of the letter in it
     * @param traced whether nothing but trace fields stands before the letter
     */
    record Message(
            long uid,
            String letter,
            String digest,
            boolean traced,
            Set<String> flags,
            long modSeq) {}

    /** The folders of an account; none if it wasn't looked at. */
    List<Folder> of(String account) {
        return folders.getOrDefault(account, List.of());
    }
}
