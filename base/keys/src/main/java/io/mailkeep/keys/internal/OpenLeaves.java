package io.mailkeep.keys.internal;

import io.mailkeep.kernel.RecentMap;
import io.mailkeep.keys.DataKey;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Opened keys of leaves that are used again and again: bounded, dropped when keys are replaced. */
public final class OpenLeaves {
    private static final int KEPT_MAX = 5_000;

    private final Map<UUID, DataKey> kept = new RecentMap<>(KEPT_MAX);

    OpenLeaves() {}

    synchronized Optional<DataKey> find(UUID leaf) {
        return Optional.ofNullable(kept.get(leaf));
    }

    synchronized void keep(UUID leaf, DataKey key) {
        kept.put(leaf, key);
    }

    synchronized void forget() {
        kept.clear();
    }
}
