package io.mailkeep.database.internal;

import io.mailkeep.database.DatabaseRefused;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * PostgreSQL processes left behind on a data folder. A process is one of them only if its program
 * is ours and its working directory is our data folder, by device and inode: its number alone
 * proves nothing.
 */
public final class Orphans {
    private Orphans() {}

    /**
     * Stops what is left behind, then removes the stale lock file; refuses if something survives.
     */
    public static void stop(Path home, Time time, Consumer<String> progress) {
        Path data = home.resolve("data");
        Path pidFile = data.resolve("postmaster.pid");
        try {
            if (!Files.isDirectory(data)) {
                return;
            }
            if (!left(home, data).isEmpty()) {
                progress.accept("Stopping a PostgreSQL that was left behind");
                signal(postmaster(pidFile), left(home, data), "INT");
                if (!gone(home, data, time, Duration.ofSeconds(10))) {
                    signal(postmaster(pidFile), left(home, data), "QUIT");
                }
                if (!gone(home, data, time, Duration.ofSeconds(5))) {
                    left(home, data).forEach(pid -> kill(pid, "KILL"));
                }
                if (!gone(home, data, time, Duration.ofSeconds(5))) {
                    throw new DatabaseRefused(
                            "A PostgreSQL that was left behind on "
                                    + data
                                    + " doesn't stop: processes "
                                    + left(home, data));
                }
            }
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new DatabaseRefused("Can't look after " + data + ": " + e.getMessage(), e);
        }
    }

    /** Sends a signal to a process; a process that is gone is fine. */
    static void kill(long pid, String signal) {
        try {
            new ProcessBuilder(
                            "sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("no shell to send a signal with", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean gone(Path home, Path data, Time time, Duration patience)
            throws IOException {
        long end = time.nanos() + patience.toNanos();
        while (!left(home, data).isEmpty()) {
            if (time.nanos() - end > 0) {
                return false;
            }
            try {
                time.sleep(Duration.ofMillis(20));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DatabaseRefused("Interrupted while PostgreSQL was stopping", e);
            }
        }
        return true;
    }

    /** The postmaster ends its children itself; without it each is told. */
    private static void signal(Optional<Long> postmaster, List<Long> left, String signal) {
        if (postmaster.isPresent() && left.contains(postmaster.get())) {
            kill(postmaster.get(), signal);
        } else {
            left.forEach(pid -> kill(pid, "QUIT"));
        }
    }

    private static Optional<Long> postmaster(Path pidFile) throws IOException {
        if (!Files.isRegularFile(pidFile)) {
            return Optional.empty();
        }
        return Files.readAllLines(pidFile).stream()
                .findFirst()
                .map(String::strip)
                .filter(line -> line.matches("[0-9]{1,10}"))
                .map(Long::valueOf);
    }

    private static List<Long> left(Path home, Path data) throws IOException {
        List<Path> programs = programs(home);
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (ours(process, programs, data)) {
                    found.add(Long.valueOf(process.getFileName().toString()));
                }
            }
        }
        return found;
    }

    private static List<Path> programs(Path home) throws IOException {
        List<Path> programs = new ArrayList<>();
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(home, "bin-*")) {
            for (Path version : versions) {
                programs.add(version.resolve("bin").resolve("postgres"));
            }
        }
        return programs;
    }

    private static boolean ours(Path process, List<Path> programs, Path data) {
        try {
            if (!Files.isSameFile(process.resolve("cwd"), data)) {
                return false;
            }
            for (Path program : programs) {
                if (Files.exists(program) && Files.isSameFile(process.resolve("exe"), program)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // Somebody else's process, or one that ended meanwhile.
            return false;
        }
    }
}
