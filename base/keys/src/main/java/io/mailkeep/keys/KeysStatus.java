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
 * @param pending destructions that wait for epoch changes
 */
public record KeysStatus(
        KeysState state,
        Optional<TreeStore.State> epoch,
        List<Folder> folders,
        Map<String, Long> levels,
        Map<String, Long> leaves,
        List<Pending> pending) {

    /**
     * A key folder.
     *
     * @param problem empty when all is well, else a sentence
     */
    public record Folder(String role, String path, List<Long> epochs, long mark, String problem) {}

    /**
     * Destructions that aren't complete yet.
     *
     * @param epoch the change that re-keyed their paths; 0 if it is still to come
     * @param changesLeft epoch changes until they are complete
     */
    public record Pending(long epoch, long leaves, int changesLeft) {}
}
