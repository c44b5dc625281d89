package io.mailkeep.segments;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.InstallationId;
import java.nio.file.Path;
import java.util.Map;

/**
 * The volumes of an installation: one folder a data class, each with an identity file.
 *
 * @param region where the volumes stand, a label
 */
public record Volumes(InstallationId installation, String region, Map<DataClass, Path> paths) {
    /**
     * Makes the volumes of a fresh installation: folders and identity files. Refuses, before
     * writing anything, if one of the folders holds anything already.
     */
    public void initialise() {
        throw new UnsupportedOperationException();
    }

    /** Checks the identity of each volume; writes nothing. */
    public void check() {
        throw new UnsupportedOperationException();
    }
}
