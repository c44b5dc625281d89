package io.mailkeep.segments.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.segments.VolumeRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file that says which volume a folder is. Looked at before anything is written, so that a
 * missing mount, a swapped or a foreign device never gets mail (FLT-19, ATK-109).
 */
public record VolumeIdentity(InstallationId installation, DataClass dataClass, String region) {
    /** Its name in the volume's folder. */
    public static final String NAME = "mailkeep-volume";

    /** The folder of a volume that its segments lie in. */
    public static final String SEGMENTS = "segments";

    private static final String FORMAT = "mailkeep-volume 1";

    /** The lines of the file. */
    private List<String> lines() {
        return List.of(
                FORMAT,
                "installation " + installation,
                "class " + dataClass.label(),
                "region " + region);
    }

    /** Makes the volume in a folder that holds nothing else; doing it twice is fine. */
    public void initialise(Disk disk, Path folder) {
        try {
            requireEmpty(disk, folder);
            List<Path> above = naming(disk, folder);
            disk.createFolder(folder);
            disk.createFolder(folder.resolve(SEGMENTS));
            disk.forceFolder(folder);
            for (Path one : above) {
                disk.forceFolder(one);
            }
            SmallFile.write(disk, folder.resolve(NAME), lines());
        } catch (IOException failure) {
            throw new VolumeRefused(
                    said(folder, "can't be written: " + failure, "check the path and its rights"));
        }
    }

    /** The folders above that hold a name which isn't there yet, and the volume's own. */
    private static List<Path> naming(Disk disk, Path folder) throws IOException {
        List<Path> above = new ArrayList<>();
        Path one = folder.toAbsolutePath().getParent();
        while (one != null) {
            above.add(one);
            if (disk.exists(one)) {
                break;
            }
            one = one.getParent();
        }
        return above;
    }

    /** Refuses a folder that holds anything but what an interrupted initialisation left. */
    public void requireEmpty(Disk disk, Path folder) {
        try {
            if (!disk.exists(folder)) {
                return;
            }
            for (String name : disk.list(folder)) {
                boolean harmless =
                        switch (name) {
                            case NAME -> isThis(disk, folder);
                            case NAME + ".tmp", "lost+found" -> true;
                            case SEGMENTS -> disk.list(folder.resolve(SEGMENTS)).isEmpty();
                            default -> false;
                        };
                if (!harmless) {
                    throw new VolumeRefused(
                            said(
                                    folder,
                                    "holds '" + name + "' already, so it isn't a fresh one",
                                    "give an empty folder, or start with the data directory that"
                                            + " it belongs to"));
                }
            }
        } catch (IOException failure) {
            throw new VolumeRefused(
                    said(folder, "can't be read: " + failure, "check the path and its rights"));
        }
    }

    /** Refuses unless the folder is this volume; writes nothing. */
    public void check(Disk disk, Path folder) {
        try {
            if (!disk.exists(folder)) {
                throw new VolumeRefused(said(folder, "isn't there", mount()));
            }
            if (!disk.exists(folder.resolve(NAME))) {
                throw new VolumeRefused(
                        said(folder, "has no identity file '" + NAME + "'", mount()));
            }
            compare(folder, SmallFile.read(disk, folder.resolve(NAME)));
            if (!disk.exists(folder.resolve(SEGMENTS))) {
                throw new VolumeRefused(
                        said(folder, "has lost its folder '" + SEGMENTS + "'", mount()));
            }
        } catch (IOException failure) {
            throw new VolumeRefused(
                    said(folder, "can't be read: " + failure, "check the device and its rights"));
        }
    }

    private void compare(Path folder, Optional<List<String>> found) {
        List<String> have = found.orElse(List.of());
        if (have.equals(lines())) {
            return;
        }
        if (have.isEmpty() || !have.getFirst().startsWith("mailkeep-volume ")) {
            throw new VolumeRefused(
                    said(
                            folder,
                            "has a damaged identity file '" + NAME + "'",
                            "compare it with those of the other volumes and put it right, or"
                                    + " restore it from a backup"));
        }
        if (!have.getFirst().equals(FORMAT)) {
            throw new VolumeRefused(
                    said(
                            folder,
                            "was written by another version of Mailkeep (" + have.getFirst() + ")",
                            "start the version that owns this data"));
        }
        for (int line = 1; line < lines().size(); line++) {
            String wanted = lines().get(line);
            String there = line < have.size() ? have.get(line) : "nothing";
            if (!wanted.equals(there)) {
                throw new VolumeRefused(
                        said(
                                folder,
                                "is another one: it says '"
                                        + there
                                        + "', and '"
                                        + wanted
                                        + "' belongs here",
                                "mount the right device there, or correct the path in"
                                        + " mailkeep.yaml"));
            }
        }
    }

    private boolean isThis(Disk disk, Path folder) throws IOException {
        return SmallFile.read(disk, folder.resolve(NAME)).equals(Optional.of(lines()));
    }

    private String mount() {
        return "mount its device, or correct volumes." + dataClass.label() + " in mailkeep.yaml";
    }

    private String said(Path folder, String what, String advice) {
        return "The volume for class "
                + dataClass.label()
                + " at "
                + folder
                + " "
                + what
                + ". Nothing was written. What to do: "
                + advice
                + ".";
    }
}
