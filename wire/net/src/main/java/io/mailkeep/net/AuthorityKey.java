package io.mailkeep.net;

import io.mailkeep.kernel.Secret;
import java.util.Optional;

/**
 * The port to where the certificate authority's private key lies: the key device, never the data
 * directory.
 */
public interface AuthorityKey {
    /** The key (PKCS #8, DER); empty if none was stored yet. */
    Optional<Secret> load();

    /** Stores a new one, durably. */
    void store(Secret key);
}
