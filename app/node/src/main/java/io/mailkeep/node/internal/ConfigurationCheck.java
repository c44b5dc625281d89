package io.mailkeep.node.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What the {@code config} command does, without a node. */
public final class ConfigurationCheck {
    private ConfigurationCheck() {}

    /** Reads and checks the file; a {@link ConfigurationException} says what is wrong with it. */
    public static void check(Path directory) throws IOException {
        Configuration.read(directory, Optional.empty());
    }

    /** Every key with the value in force, as a file that could stand in its place. */
    public static String show(Path directory) throws IOException {
        check(directory);
        return ConfigurationFile.write(ConfigurationFile.read(Configuration.file(directory)));
    }

    /** Where the two copies of the audit log lie. */
    public static java.util.List<Path> auditCopies(Path directory) throws IOException {
        Configuration configuration = Configuration.read(directory, Optional.empty());
        return java.util.List.of(configuration.auditA(), configuration.auditB());
    }
}
