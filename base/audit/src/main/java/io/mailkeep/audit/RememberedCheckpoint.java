package io.mailkeep.audit;

import io.mailkeep.audit.internal.Checkpoint;
import java.util.Optional;

/**
 * The port to the place apart from both audit devices, the key device, that remembers the last
 * signed checkpoint: a log rolled back on both devices is noticed ({@code ATK-112}).
 */
public interface RememberedCheckpoint {
    /** The checkpoint kept last; empty before the first. */
    Optional<String> read();

    /** Keeps this one instead; durable on return. */
    void write(String checkpoint);

    /**
     * How many entries a kept checkpoint speaks of; the signature isn't looked at. Empty for
     * anything else.
     */
    static Optional<Long> size(String checkpoint) {
        int signatures = checkpoint.lastIndexOf("\n\n") + 1;
        return Checkpoint.parse(checkpoint.substring(0, signatures)).map(Checkpoint::size);
    }
}
