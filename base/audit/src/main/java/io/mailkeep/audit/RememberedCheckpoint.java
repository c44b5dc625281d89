package io.mailkeep.audit;

import java.util.Optional;
import java.util.OptionalLong;

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
     * How many entries a kept checkpoint speaks of (C2SP tlog-checkpoint); the signature isn't
     * looked at. Empty for anything else.
     */
    static OptionalLong size(String checkpoint) {
        String[] lines = checkpoint.split("\n", 3);
        try {
            return lines.length == 3
                    ? OptionalLong.of(Long.parseUnsignedLong(lines[1]))
                    : OptionalLong.empty();
        } catch (NumberFormatException notOne) {
            return OptionalLong.empty();
        }
    }
}
