package io.mailkeep.node.internal;

import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Randomness;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Which installation a data directory belongs to. The id is written before anything else is made,
 * in a file that says that the first start isn't over; a first start that was cut off is finished
 * by the next one, under the same id.
 *
 * @param fresh the first start isn't over: folders may be made; later a missing one stops the start
 */
record Installation(InstallationId id, boolean fresh) {
    private static final String FORMAT = "mailkeep-installation 1";

    private static Path file(Path directory) {
        return directory.resolve("installation");
    }

    private static Path pending(Path directory) {
        return directory.resolve("installation.first-start");
    }

    /** Reads the id, or makes one for a data directory that holds nothing yet. */
    static Installation of(Path directory, Randomness randomness) throws IOException {
        if (Files.exists(file(directory))) {
            return new Installation(read(file(directory)), false);
        }
        if (Files.exists(pending(directory))) {
            return new Installation(read(pending(directory)), true);
        }
        for (String made : List.of("postgres", "volumes", "audit")) {
            if (Files.exists(directory.resolve(made))) {
                throw new ConfigurationException(
                        "The data directory "
                                + directory
                                + " holds \""
                                + made
                                + "\" but no \"installation\" file, so nobody can say whose data it"
                                + " is. Restore that file from a"
                                + " backup, or start with an empty directory.");
            }
        }
        InstallationId id = new InstallationId(randomness.uuid());
        Path fresh = directory.resolve("installation.new");
        Files.writeString(fresh, FORMAT + "\n" + id + "\n");
        sync(fresh);
        Files.move(fresh, pending(directory), StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
        return new Installation(id, true);
    }

    /** Says that everything was made: from now on a missing folder stops the start. */
    void complete(Path directory) throws IOException {
        if (fresh) {
            Files.move(pending(directory), file(directory), StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
        }
    }

    private static InstallationId read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() != 2 || !lines.get(0).equals(FORMAT)) {
            throw new ConfigurationException(
                    file
                            + " isn't an installation file of this version. Restore it, or use the"
                            + " version that wrote it.");
        }
        return InstallationId.parse(lines.get(1));
    }

    /** Makes what was written to a file, or the names in a folder, durable. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
