package io.mailkeep.keys;

import io.mailkeep.kernel.Secret;
import java.util.Optional;

/**
 * The key device: two checksummed folders outside the data directory, for the secrets that must not
 * be in a data backup and for the last audit checkpoint. What is stored is in both folders, synced,
 * on return.
 */
public final class KeyDevice {
    KeyDevice() {}

    /** Remembers the last audit checkpoint, so that a rolled back log is noticed. */
    public void rememberCheckpoint(byte[] checkpoint) {
        throw new UnsupportedOperationException();
    }

    /** The last audit checkpoint. */
    public Optional<byte[]> rememberedCheckpoint() {
        throw new UnsupportedOperationException();
    }

    /**
     * Stores a named secret ({@code ca}, {@code checkpoint-signer}): lower case letters, dashes.
     */
    public void store(String name, Secret secret) {
        throw new UnsupportedOperationException();
    }

    /** A named secret; empty if none was stored. */
    public Optional<Secret> load(String name) {
        throw new UnsupportedOperationException();
    }
}
