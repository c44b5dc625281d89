package io.mailkeep.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small file system on a loop device for each class' volume, each copy of the audit log and the
 * keys, mounted in a mount namespace of one process: with the process they are gone, however it
 * ends.
 */
final class LoopDevices {
    private static final List<String> NAMES =
            List.of("public", "internal", "sensitive", "critical", "keys", "audit-a", "audit-b");
    private static final String MOUNT =
            "for name in "
                    + String.join(" ", NAMES)
                    + "; do mount -o loop \"$0/$name.img\" \"$0/$name\" || exit 97; done; exec \"$@\"";

    private final Path folder;
    private final String missing;

    private LoopDevices(Path folder, String missing) {
        this.folder = folder;
        this.missing = missing;
    }

    /** Makes the images; where that or mounting them isn't possible, {@link #missing} says why. */
    static LoopDevices on(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        for (String name : NAMES) {
            Files.createDirectories(folder.resolve(name));
            Path image = folder.resolve(name + ".img");
            RunningNode.Ran made = run("truncate", "-s", "32M", image.toString());
            if (made.status() == 0) {
                made = run("mkfs.ext4", "-q", "-m0", image.toString());
            }
            if (made.status() != 0) {
                return new LoopDevices(folder, "no file system can be made: " + made.out());
            }
        }
        LoopDevices devices = new LoopDevices(folder, "");
        List<String> trial = new ArrayList<>(devices.wrapper());
        trial.add("true");
        RunningNode.Ran mounted = RunningNode.Ran.command(trial);
        return mounted.status() == 0
                ? devices
                : new LoopDevices(folder, "no loop device can be mounted: " + mounted.out());
    }

    private static RunningNode.Ran run(String... command) throws InterruptedException {
        try {
            return RunningNode.Ran.command(command);
        } catch (IOException absent) {
            return new RunningNode.Ran(127, String.valueOf(absent.getMessage()));
        }
    }

    boolean usable() {
        return missing.isEmpty();
    }

    /** Why they can't be had; empty if they can. */
    String missing() {
        return missing;
    }

    /** What a command is to be started with to see them mounted. */
    List<String> wrapper() {
        return List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                MOUNT,
                folder.toString());
    }

    /** Where one is mounted, for the wrapped command. */
    Path mounted(String name) {
        return folder.resolve(name);
    }
}
