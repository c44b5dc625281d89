package io.mailkeep.node.internal;

import io.mailkeep.audit.CheckpointKey;
import io.mailkeep.audit.RememberedCheckpoint;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Secret;
import io.mailkeep.keys.KeyDevice;
import io.mailkeep.net.AuthorityKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the node keeps on the key device for other rooms: the authority's key, the checkpoint key,
 * the last checkpoint.
 */
final class Identities {
    private static final String AUTHORITY = "ca";
    private static final String CHECKPOINT_SECRET = "audit-checkpoint";
    private static final String CHECKPOINT_PUBLIC = "audit-checkpoint-public";

    private Identities() {}

    /** The certificate authority's key. */
    static AuthorityKey authority(KeyDevice device) {
        return new AuthorityKey() {
            @Override
            public Optional<Secret> load() {
                return device.load(AUTHORITY);
            }

            @Override
            public void store(Secret key) {
                device.store(AUTHORITY, key);
            }
        };
    }

    /** The key that signs audit checkpoints; made for a fresh installation only. */
    static CheckpointKey checkpointKey(
            KeyDevice device, InstallationId installation, boolean fresh) {
        Optional<Secret> secret = device.load(CHECKPOINT_SECRET);
        Optional<Secret> open = device.load(CHECKPOINT_PUBLIC);
        if (secret.isPresent() && open.isPresent()) {
            return CheckpointKey.load(
                    installation, secret.get().exposeSecretBytes(), open.get().exposeSecretBytes());
        }
        if (!fresh) {
            throw new ConfigurationException(
                    "The key device lacks the key that signs the audit log. Put the right key folders"
                            + " in place (keys.a and keys.b in mailkeep.yaml); a new key would make"
                            + " a new log over the old one.");
        }
        CheckpointKey key = CheckpointKey.generate(installation);
        device.store(CHECKPOINT_PUBLIC, Secret.owning(key.publicBytes()));
        device.store(CHECKPOINT_SECRET, Secret.owning(key.insecureSecretBytes()));
        return key;
    }

    /** The place apart from both audit devices that remembers the last checkpoint. */
    static RememberedCheckpoint remembered(KeyDevice device) {
        return new RememberedCheckpoint() {
            @Override
            public Optional<String> read() {
                return device.rememberedCheckpoint()
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
            }

            @Override
            public void write(String checkpoint) {
                device.rememberCheckpoint(checkpoint.getBytes(StandardCharsets.UTF_8));
            }
        };
    }
}
