package io.mailkeep.claims;

import io.mailkeep.kernel.DataClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which devices folders lie on, as the kernel tells: the folder's own device, or, for a partition,
 * the disk it is a part of. A symbolic link, a bind mount or another folder of one file system is
 * the same device ({@code ATK-109}).
 *
 * @param kernel where the kernel shows its block devices by number, {@code /sys/dev/block}
 */
record Devices(Path kernel) {
    /** As this machine's kernel tells. */
    static Devices ofThisMachine() {
        return new Devices(Path.of("/sys/dev/block"));
    }

    /**
     * What is seen of the volumes and key folders; what to do where they share a device.
     *
     * @param data what else lies where a thief of the data finds it: database, log
     */
    void look(Map<DataClass, Path> volumes, List<Path> data, List<Path> keyFolders, Sighting saw)
            throws IOException {
        Map<String, String> where = new TreeMap<>();
        for (Map.Entry<DataClass, Path> volume : volumes.entrySet()) {
            where.put(volume.getKey().label(), of(volume.getValue()));
        }
        Set<String> different = new HashSet<>(where.values());
        if (different.size() == where.size()) {
            saw.expect(true, "the classes' volumes lie on different devices: " + where);
        } else {
            saw.notConfigured(
                    "the classes' volumes share a device ("
                            + where
                            + "): give each class one of its own, under \"volumes\" in mailkeep.yaml");
        }
        Set<String> taken = new HashSet<>(different);
        for (Path folder : data) {
            taken.add(of(folder));
        }
        for (Path folder : keyFolders) {
            if (taken.contains(of(folder))) {
                saw.notConfigured(
                        "the key folder "
                                + folder
                                + " lies on a device with data: one stolen disk has both; move it,"
                                + " under \"keys\" in mailkeep.yaml");
            } else {
                saw.expect(true, "the key folder " + folder + " lies on a device without data");
            }
        }
    }

    private String of(Path folder) throws IOException {
        long number = ((Number) Files.getAttribute(folder, "unix:dev")).longValue();
        return disk(number);
    }

    /** The device of this number as {@code major:minor}; of a partition, its disk's. */
    String disk(long number) throws IOException {
        // as glibc splits a dev_t
        long major = (number >>> 8 & 0xfff) | (number >>> 32 & 0xfffff000L);
        long minor = (number & 0xff) | (number >>> 12 & 0xffffff00L);
        String own = major + ":" + minor;
        Path shown = kernel.resolve(own);
        if (!Files.exists(shown.resolve("partition"))) {
            return own;
        }
        Path disk = shown.toRealPath().getParent();
        return disk == null ? own : Files.readString(disk.resolve("dev")).strip();
    }
}
