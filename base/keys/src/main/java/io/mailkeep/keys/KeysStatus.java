package io.mailkeep.keys;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an administrator asks about keys.
 *
 * @param epoch the database's epoch and the second kept one
 * @param folders the registered key folders
 * @param levels how many nodes of each kind, by name
 * @param leaves how many leaves of each kind, by name
 * @param waiting copies hidden or re-keyed that wait for an epoch change
 * @param pending destructions that wait for an old epoch key to be erased
 */
public record KeysStatus(
        KeysState state,
        Optional<TreeStore.State> epoch,
        List<Folder> folders,
        Map<String, Long> levels,
        Map<String, Long> leaves,
        long waiting,
        List<Pending> pending) {

    /**
     * A key folder.
     *
     * @param problem empty when all is well, else a sentence
     */
    public record Folder(String role, String path, List<Long> epochs, long mark, String problem) {}

    /**
     * Destructions that complete once no folder holds an epoch key older than {@code epoch}.
     *
     * @param completesAt the epoch change that completes them, in words
     */
    public record Pending(long epoch, long leaves, String completesAt) {}
}
