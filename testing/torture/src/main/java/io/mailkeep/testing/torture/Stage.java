package io.mailkeep.testing.torture;

import io.mailkeep.testing.client.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** An installation that was started once and stopped: each row begins with a copy of it. */
final class Stage {
    private final String launcher;
    private final Path folder;
    private final Path master;

    /**
     * Makes it in this folder.
     *
     * @param launcher the program that starts a node
     */
    Stage(String launcher, Path folder) throws IOException {
        this.launcher = launcher;
        this.folder = folder;
        this.master = folder.resolve("master");
        Files.createDirectories(master);
        try (Site site = new Site(launcher, master.resolve("data"), Ports.freeOffset())) {
            site.start();
            site.stop();
        }
    }

    /** A node on a copy of the installation, not started yet. */
    Site site(String name) throws IOException {
        Path own = Files.createDirectory(folder.resolve(name));
        Ran.ok("cp", "-a", master + "/.", own.toString());
        Path configuration = own.resolve("data/mailkeep.yaml");
        String text = Files.readString(configuration);
        Files.writeString(
                configuration,
                text.replace(
                        master.resolve("data-keys").toString(),
                        own.resolve("data-keys").toString()));
        return new Site(launcher, own.resolve("data"), Ports.freeOffset());
    }

    /** A scene on a copy, ready. */
    Scene scene(String name, long seed, Extent extent) throws IOException {
        Site site = site(name);
        try {
            site.start();
            return Scene.of(site, folder.resolve(name), seed, extent);
        } catch (IOException | RuntimeException failed) {
            site.close();
            throw failed;
        }
    }

    /** Takes away what lies in a folder, and the folder. */
    static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    Path folder(String name) {
        return folder.resolve(name);
    }
}
