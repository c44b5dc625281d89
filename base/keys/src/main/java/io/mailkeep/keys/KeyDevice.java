package io.mailkeep.keys;

import io.mailkeep.kernel.Secret;
import io.mailkeep.keys.internal.Device;
import io.mailkeep.keys.internal.Recovery;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The key device: two checksummed folders outside the data directory, for the secrets that must not
 * be in a data backup and for the last audit checkpoint. What is stored is in every folder at hand,
 * synced, on return; of two folders that differ the later writing counts.
 */
public final class KeyDevice {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,40}");

    private final Device device;

    KeyDevice(Device device) {
        this.device = device;
    }

    /** Remembers the last audit checkpoint, so that a rolled back log is noticed. */
    public void rememberCheckpoint(byte[] checkpoint) {
        device.store(Recovery.CHECKPOINT, checkpoint);
    }

    /** The last audit checkpoint. */
    public Optional<byte[]> rememberedCheckpoint() {
        return device.load(Recovery.CHECKPOINT);
    }

    /** Stores a named secret ({@code ca}, {@code checkpoint-signer}) as {@code NAME.key}. */
    public void store(String name, Secret secret) {
        byte[] bytes = secret.exposeSecretBytes();
        device.store(file(name), bytes);
        Arrays.fill(bytes, (byte) 0);
    }

    /** A named secret; empty if none was stored. */
    public Optional<Secret> load(String name) {
        return device.loadSecret(file(name));
    }

    private static String file(String name) {
        if (!NAME.matcher(name).matches() || name.equals("root")) {
            throw new IllegalArgumentException("no name for a secret");
        }
        return name + ".key";
    }
}
