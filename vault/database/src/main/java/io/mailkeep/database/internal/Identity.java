package io.mailkeep.database.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A user of this machine. PostgreSQL insists that its user stands in the list of users. */
public record Identity(int uid, int gid) {
    private static final Identity NOBODY = new Identity(65534, 65534);

    /** Whether this process is root's. */
    public static boolean root() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .map(line -> line.split("\\s+"))
                    .anyMatch(words -> words.length > 2 && words[2].equals("0"));
        } catch (IOException e) {
            return System.getProperty("user.name", "").equals("root");
        }
    }

    /** The user {@code mailkeep} if there is one, else {@code nobody}. */
    public static Identity unprivileged() {
        return named("mailkeep").or(() -> named("nobody")).orElse(NOBODY);
    }

    private static Optional<Identity> named(String name) {
        try {
            return Files.readAllLines(Path.of("/etc/passwd")).stream()
                    .map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 3 && fields[0].equals(name))
                    .map(fields ->
                            new Identity(Integer.parseInt(fields[2]), Integer.parseInt(fields[3])))
                    .filter(identity -> identity.uid() != 0)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
