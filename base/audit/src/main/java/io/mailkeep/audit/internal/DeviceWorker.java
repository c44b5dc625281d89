package io.mailkeep.audit.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One device's own thread: what is done with the device is done there, one after the other, so that
 * a device that hangs holds up nobody but itself.
 *
 * <p>A platform thread, because a call into a hung file system can't be interrupted and would keep
 * one of the few carriers of all virtual threads.
 */
public final class DeviceWorker implements AutoCloseable {
    private final LinkedBlockingQueue<FutureTask<?>> work = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile Optional<FutureTask<?>> last = Optional.empty();

    /** Work handed to a device. */
    public static final class Handed<T> {
        private final FutureTask<T> task;

        private Handed(FutureTask<T> task) {
            this.task = task;
        }

        /**
         * What came of it; {@link TimeoutException} while the device hangs, the work's own
         * exception if it failed.
         */
        public T await(Duration atMost) throws Exception {
            try {
                return task.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw failed;
            }
        }
    }

    public DeviceWorker(String name) {
        this(name, Thread.ofPlatform().daemon().factory());
    }

    /** The same with another thread: for tests that open thousands of logs. */
    public DeviceWorker(String name, ThreadFactory threads) {
        thread = threads.newThread(this::run);
        thread.setName(name);
        thread.start();
    }

    /** Hands work over; it starts when what was handed over before has ended. */
    public <T> Handed<T> hand(Callable<T> callable) {
        FutureTask<T> task = new FutureTask<>(callable);
        last = Optional.of(task);
        work.add(task);
        return new Handed<>(task);
    }

    /** Whether something handed over hasn't ended yet. */
    public boolean busy() {
        return last.map(task -> !task.isDone()).orElse(false);
    }

    private void run() {
        try {
            while (true) {
                work.take().run();
            }
        } catch (InterruptedException closed) {
            // The device is let go.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
