package io.mailkeep.keys.internal;

import io.mailkeep.kernel.KeyId;

/**
 * The keys above the tenants while one epoch lasts.
 *
 * @param number never reused
 * @param rootId the root's generation
 * @param root the root in force in this epoch
 * @param key the epoch key, which lies on the key device alone
 */
public record Epoch(long number, KeyId rootId, byte[] root, byte[] key) {
    @Override
    public String toString() {
        return "[epoch " + number + "]";
    }
}
