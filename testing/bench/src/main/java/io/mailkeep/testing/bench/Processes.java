package io.mailkeep.testing.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What processes and all that they started have used, as the kernel counts it ({@code proc(5)}).
 */
final class Processes {
    /** USER_HZ, which is 100 wherever Linux shows times to programs. */
    private static final int TICKS_A_SECOND = 100;

    private Processes() {}

    /** Processor time in ms, of children that have ended and were waited for too. */
    static long cpuMillis(List<ProcessHandle> roots) throws IOException {
        long ticks = 0;
        for (ProcessHandle process : tree(roots)) {
            try {
                String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
                // the name before it may hold anything
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                for (int field = 11; field < 15; field++) {
                    ticks += Long.parseLong(fields[field]);
                }
            } catch (NoSuchFileException ended) {
                // its parent has its time now
            }
        }
        return ticks * 1000 / TICKS_A_SECOND;
    }

    /**
     * Bytes of memory, pages that several share counted once (Pss).
     *
     * @throws IOException the kernel doesn't say: they run as somebody else
     */
    static long memory(List<ProcessHandle> roots) throws IOException {
        long bytes = 0;
        for (ProcessHandle process : tree(roots)) {
            try {
                String rollup =
                        Files.readString(Path.of("/proc/" + process.pid() + "/smaps_rollup"));
                bytes +=
                        rollup.lines()
                                .filter(line -> line.startsWith("Pss:"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                .sum();
            } catch (NoSuchFileException ended) {
                // it has none any more
            } catch (IOException refused) {
                // that of a process without memory of its own, which is ending, reads as an error
                if (process.isAlive()) {
                    throw new IOException("what it takes can only be read as root", refused);
                }
            }
        }
        return bytes * 1024;
    }

    /**
     * Bytes of blocks that a folder takes, but for files of this name; what just goes counts or
     * not.
     */
    static long disk(Path folder, String except) throws IOException, InterruptedException {
        // from inside: the name of a folder above must not count as that of a file. du says that it
        // missed a file that went meanwhile by its status alone.
        String du = "cd -- \"$0\" && { du -s -B1 --exclude=\"$1\" . 2>/dev/null || true; }";
        String said = run("sh", "-c", du, folder.toString(), except);
        return Long.parseLong(said.substring(0, said.indexOf('\t')));
    }

    private static List<ProcessHandle> tree(List<ProcessHandle> roots) {
        List<ProcessHandle> all = new ArrayList<>(roots);
        roots.forEach(root -> all.addAll(root.descendants().toList()));
        return all;
    }

    /** Ends it as a person would, and waits. */
    static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException hurry) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a program to its end; what it said is the message if it failed. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
        return said;
    }
}
