package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Several clients at once, each on a thread of its own, until told to stop. */
final class Load {
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
    private static final Duration STOPPED = Duration.ofMinutes(2);

    private final List<Thread> threads = new ArrayList<>();
    private volatile Optional<Throwable> defect = Optional.empty();
    private volatile boolean stopped;
    private volatile boolean paused;

    private Load() {}

    /** Sets them to work. */
    static Load of(List<Worker> workers) {
        Load load = new Load();
        for (Worker worker : workers) {
            load.threads.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name(worker.getClass().getSimpleName())
                            .start(() -> load.work(worker)));
        }
        return load;
    }

    /** Seeds of workers that do different things with the same seed of a run. */
    static Randomness randomness(long seed, long round, long worker) {
        return Randomness.of(new SplittableRandom(seed * 1_000_003 + round * 101 + worker));
    }

    private void work(Worker worker) {
        try (worker) {
            while (!stopped) {
                if (paused) {
                    Ran.pause(AFTER_FAILURE);
                    continue;
                }
                try {
                    worker.once();
                } catch (IOException broken) {
                    worker.close();
                    Ran.pause(AFTER_FAILURE);
                }
            }
        } catch (IOException | RuntimeException | Error failed) {
            defect = Optional.of(failed);
        }
    }

    /**
     * Nothing new is begun, until told to go on: what can't be reached would only be knocked at.
     */
    void pause() {
        paused = true;
    }

    /** Goes on. */
    void go() {
        paused = false;
    }

    /** Ends when each has finished what it was at; a defect of the load itself is thrown. */
    void stop() throws IOException {
        stopped = true;
        try {
            for (Thread thread : threads) {
                if (!thread.join(STOPPED)) {
                    throw new IOException(thread.getName() + " doesn't end");
                }
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while the load ended", hurry);
        }
        if (defect.isPresent()) {
            throw new IOException("the load itself failed", defect.get());
        }
    }
}
