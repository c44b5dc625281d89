package io.mailkeep.keys;

import io.mailkeep.kernel.InstallationId;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Where the key device is and whose it is.
 *
 * @param a the first key folder, outside the data directory
 * @param b the second key folder, best on another device
 * @param installation whose keys they are; another installation's are refused
 * @param checkpointAhead says of the audit checkpoint that the device remembers whether the audit
 *     log found at this start is behind it: then the data went back to an earlier state
 */
public record KeysSettings(
        Path a, Path b, InstallationId installation, Predicate<byte[]> checkpointAhead) {

    /** Settings for an installation whose audit log isn't asked. */
    public static KeysSettings of(Path a, Path b, InstallationId installation) {
        return new KeysSettings(a, b, installation, _ -> false);
    }
}
