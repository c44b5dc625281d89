package io.mailkeep.database.internal;

import io.mailkeep.database.DatabaseRefused;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once a version: complete or not there. What a power cut left
 * half-written is seen by its size and unpacked again.
 */
public final class Binaries {
    private static final String MARK = "unpacked";

    private Binaries() {}

    /** The folder that holds {@code bin}, {@code lib} and {@code share}. */
    public static Path unpack(Path directory, Consumer<String> progress) {
        Path target = directory.resolve("bin-" + version());
        try {
            if (complete(target)) {
                return target;
            }
            progress.accept("Unpacking PostgreSQL " + version());
            Path temporary = directory.resolve(target.getFileName() + ".tmp");
            remove(temporary);
            Files.createDirectories(temporary);
            open(temporary, true);
            extract(temporary);
            Files.writeString(temporary.resolve(MARK), contents(temporary));
            remove(target);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            return target;
        } catch (IOException e) {
            throw new DatabaseRefused(
                    "PostgreSQL couldn't be unpacked to " + target + ": " + e.getMessage(), e);
        }
    }

    /** The version that this Mailkeep brings along. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = Binaries.class.getResourceAsStream("postgres.properties")) {
            if (in == null) {
                throw new IllegalStateException("postgres.properties isn't on the class path");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("postgres.properties can't be read", e);
        }
        String version = properties.getProperty("version", "");
        if (!version.matches("[0-9.]+")) {
            throw new IllegalStateException("no version in postgres.properties: " + version);
        }
        return version;
    }

    private static boolean complete(Path target) throws IOException {
        Path mark = target.resolve(MARK);
        return Files.isRegularFile(mark) && Files.readString(mark).equals(contents(target));
    }

    /** How many files and bytes: enough to see what a power cut left empty. */
    private static String contents(Path folder) throws IOException {
        long files = 0;
        long bytes = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(one, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                        && !one.getFileName().toString().equals(MARK)) {
                    files++;
                    bytes += Files.size(one);
                }
            }
        }
        return files + " files, " + bytes + " bytes\n";
    }

    private static void extract(Path target) throws IOException {
        String name = "/postgres-linux-" + architecture() + ".txz";
        try (InputStream packed = Binaries.class.getResourceAsStream(name)) {
            if (packed == null) {
                throw new DatabaseRefused(
                        "Mailkeep brings no PostgreSQL for this machine ("
                                + System.getProperty("os.name")
                                + ", "
                                + System.getProperty("os.arch")
                                + "): give it one by database.url");
            }
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
                for (TarArchiveEntry entry = tar.getNextEntry();
                        entry != null;
                        entry = tar.getNextEntry()) {
                    if (needed(entry.getName())) {
                        extract(target, entry, tar);
                    }
                }
            }
        }
    }

    private static void extract(Path target, TarArchiveEntry entry, InputStream content)
            throws IOException {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
            throw new IOException("entry outside of the folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            open(file, true);
            return;
        }
        Path folder = file.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        if (entry.isSymbolicLink()) {
            Path link = Path.of(entry.getLinkName());
            if (link.isAbsolute() || link.getNameCount() != 1) {
                throw new IOException("link outside of its folder: " + entry.getName());
            }
            Files.createSymbolicLink(file, link);
        } else if (entry.isFile()) {
            Files.copy(content, file);
            open(file, (entry.getMode() & 0100) != 0);
        } else {
            throw new IOException("neither file, folder nor link: " + entry.getName());
        }
    }

    /** Whatever the umask: the unprivileged user has to read it, and only we may write it. */
    private static void open(Path file, boolean executable) throws IOException {
        Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static boolean needed(String name) {
        return !name.endsWith(".a")
                && !name.startsWith("include/")
                && !name.startsWith("lib/pkgconfig");
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return Set.of("amd64", "x86_64").contains(name) ? "x86_64" : name;
    }

    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
