package io.mailkeep.segments;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.segments.internal.VolumeIdentity;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The volumes of an installation: one folder a data class, each with an identity file that is made
 * once and looked at before anything is written (FLT-19).
 *
 * @param region where the volumes stand, a label without line breaks
 */
public record Volumes(InstallationId installation, String region, Map<DataClass, Path> paths) {
    public Volumes {
        paths = Map.copyOf(paths);
        if (region.isBlank() || region.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("a region is a label of visible ASCII characters");
        }
        Set<Path> different = new HashSet<>();
        paths.forEach((dataClass, path) -> {
            if (!different.add(path.toAbsolutePath().normalize())) {
                throw new VolumeRefused(
                        "Two classes have the volume "
                                + path
                                + ". Give each a folder of its own in mailkeep.yaml.");
            }
        });
    }

    /**
     * Makes the volumes of a fresh installation: folders and identity files. Refuses, before
     * writing anything, if one of the folders holds anything already; what an interrupted
     * initialisation of the same installation left is fine.
     *
     * @throws VolumeRefused with a sentence that says what to do
     */
    public void initialise() {
        initialise(Disk.system());
    }

    /** The same on another disk. */
    public void initialise(Disk disk) {
        paths.forEach((dataClass, path) -> identity(dataClass).requireEmpty(disk, path));
        paths.forEach((dataClass, path) -> identity(dataClass).initialise(disk, path));
    }

    /**
     * Checks the identity of each volume; writes nothing.
     *
     * @throws VolumeRefused if one is missing, empty, foreign or swapped, with a sentence that says
     *     what to do
     */
    public void check() {
        check(Disk.system());
    }

    /** The same on another disk. */
    public void check(Disk disk) {
        paths.forEach((dataClass, path) -> identity(dataClass).check(disk, path));
    }

    private VolumeIdentity identity(DataClass dataClass) {
        return new VolumeIdentity(installation, dataClass, region);
    }
}
