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
 * @param mayBegin whether first keys may be made: never where data of an earlier start lies
 * @param checkpointAhead says of the audit checkpoint that the device remembers whether the
 *     database is behind it: then the data went back to an earlier state
 */
public record KeysSettings(
        Path a,
        Path b,
        InstallationId installation,
        boolean mayBegin,
        Predicate<byte[]> checkpointAhead) {

    /** Settings for keys alone: nothing else could hold data, no log could be ahead. */
    public static KeysSettings of(Path a, Path b, InstallationId installation) {
        return new KeysSettings(a, b, installation, true, _ -> false);
    }
}
