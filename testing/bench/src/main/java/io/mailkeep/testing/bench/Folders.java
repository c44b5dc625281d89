package io.mailkeep.testing.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** The benchmark's own folders, which other users may enter: peers run as some. */
final class Folders {
    private static final String OPEN = "rwxr-xr-x";

    private Folders() {}

    /** One for all of a run. */
    static Path run() throws IOException {
        return opened(Files.createTempDirectory("mailkeep-bench"));
    }

    /** A new one in another. */
    static Path in(Path folder, String name) throws IOException {
        return opened(Files.createDirectory(folder.resolve(name)));
    }

    private static Path opened(Path folder) throws IOException {
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(OPEN));
    }

    /** Deletes it with all that is in it; what went meanwhile is gone as well. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (NoSuchFileException gone) {
            // as it shall be
        }
    }
}
