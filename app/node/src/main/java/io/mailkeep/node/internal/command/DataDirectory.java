package io.mailkeep.node.internal.command;

import java.nio.file.Path;
import java.util.Optional;

/** Finds the data directory a command is about. */
final class DataDirectory {
    private DataDirectory() {}

    /** What was named, else {@code $MAILKEEP_DATA}, else {@code data} in the clone. */
    static Path of(Optional<Path> named) {
        return named.or(() -> Optional.ofNullable(System.getenv("MAILKEEP_DATA")).map(Path::of))
                .orElseGet(() ->
                        Path.of(
                                Optional.ofNullable(System.getenv("MAILKEEP_HOME")).orElse("."),
                                "data"))
                .toAbsolutePath()
                .normalize();
    }
}
