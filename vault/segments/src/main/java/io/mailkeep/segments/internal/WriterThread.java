package io.mailkeep.segments.internal;

import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.segments.StoredBlob;
import io.mailkeep.segments.Writing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes to a volume. It belongs to the store and nobody else knows it, so that
 * nobody can interrupt it: an interrupt would close the file it is writing to. Callers wait; they
 * may be interrupted, and then still wait for the outcome.
 */
final class WriterThread {
    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final VolumeWriter writer;
    private volatile boolean closed;
    private volatile @Nullable Job running;

    WriterThread(String label, VolumeWriter writer, ThreadFactory threads) {
        this.writer = writer;
        Thread thread = threads.newThread(this::run);
        thread.setName("segments-" + label);
        thread.start();
    }

    /** Hands a group over; {@link Job#await} gives the outcome. */
    Job submit(List<Writing> group) {
        Job current = running;
        if (current != null && current.overdue) {
            throw new Unavailable(late("an earlier write still hangs"));
        }
        Job job = new Job(List.copyOf(group));
        if (closed) {
            throw new Unavailable(late("the store is closed"));
        }
        jobs.add(job);
        return job;
    }

    /** Finishes what was handed over and ends the segment in use; gives up after a while. */
    void close(Duration patience) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        Job last = new Job(List.of());
        jobs.add(last);
        last.arrived(patience);
    }

    private void run() {
        while (true) {
            Job job;
            try {
                job = jobs.take();
            } catch (InterruptedException impossible) {
                // Nobody has a reference to this thread.
                continue;
            }
            if (job.group.isEmpty()) {
                writer.close();
                jobs.forEach(late -> late.failed(new Unavailable(late("the store is closed"))));
                job.done.countDown();
                return;
            }
            if (job.claimed.compareAndSet(false, true)) {
                running = job;
                job.run(writer);
                running = null;
            }
        }
    }

    private static Problem late(String detail) {
        return Problem.temporary(
                "The mail store can't write at the moment; try again later.", detail);
    }

    /** One group on its way. */
    static final class Job {
        private final List<Writing> group;
        private final CountDownLatch done = new CountDownLatch(1);
        private final AtomicBoolean claimed = new AtomicBoolean();
        private volatile boolean overdue;
        private List<StoredBlob> stored = List.of();
        private @Nullable Throwable failure;

        private Job(List<Writing> group) {
            this.group = group;
        }

        /** What became of it, at the latest after this long. */
        List<StoredBlob> await(Duration patience) {
            if (!arrived(patience)) {
                // Not begun: it never will. Begun: its records, should they come, are orphans.
                overdue = !claimed.compareAndSet(false, true);
                throw new Unavailable(late("no answer from the disk for " + patience));
            }
            return switch (failure) {
                case null -> stored;
                case Unavailable unavailable ->
                        throw new Unavailable(unavailable.problem(), unavailable);
                case RuntimeException defect -> throw defect;
                default -> throw new IllegalStateException("the writer failed", failure);
            };
        }

        private void run(VolumeWriter writer) {
            try {
                stored = writer.append(group);
            } catch (Throwable problem) {
                failure = problem;
            }
            done.countDown();
        }

        private void failed(Unavailable problem) {
            failure = problem;
            done.countDown();
        }

        private boolean arrived(Duration patience) {
            Optional<InterruptedException> interrupted = Optional.empty();
            boolean arrived;
            while (true) {
                try {
                    arrived = done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
                    break;
                } catch (InterruptedException told) {
                    interrupted = Optional.of(told);
                }
            }
            interrupted.ifPresent(told -> Thread.currentThread().interrupt());
            return arrived;
        }
    }
}
