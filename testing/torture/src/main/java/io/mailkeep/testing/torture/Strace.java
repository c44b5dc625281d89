package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lets system calls of a running process fail, wait or kill it, by {@code strace -f -e inject}.
 * Counts are those of each thread. Needs the right to trace the process.
 */
final class Strace implements AutoCloseable {
    private static final Duration ATTACHED = Duration.ofSeconds(60);
    private static final long DETACHED_SECONDS = 30;

    private final Process process;

    private Strace(Process process) {
        this.process = process;
    }

    /**
     * Comes back when it is attached.
     *
     * @param folder where what it says goes
     * @param injections such as {@code fdatasync,fsync:error=EIO:when=2}
     */
    static Strace attach(long pid, Path folder, String... injections) throws IOException {
        Path said = folder.resolve("strace.said");
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-p", Long.toString(pid)));
        command.addAll(List.of("-o", folder.resolve("strace.out").toString()));
        for (String injection : injections) {
            String calls = injection.substring(0, injection.indexOf(':'));
            command.addAll(List.of("-e", "trace=" + calls, "-e", "inject=" + injection));
        }
        Strace strace =
                new Strace(
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(said.toFile())
                                .start());
        long begun = Time.system().nanos();
        while (!Files.readString(said).contains(" attached")) {
            if (!strace.process.isAlive() || Time.system().nanos() - begun > ATTACHED.toNanos()) {
                strace.close();
                throw new IOException("strace didn't attach: " + Files.readString(said));
            }
            Ran.pause(Duration.ofMillis(20));
        }
        return strace;
    }

    /** Detaches: the process goes on as it would have without. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(DETACHED_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while strace detached", stopped);
        }
    }
}
