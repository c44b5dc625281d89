package io.mailkeep.testing.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several clients at the same time, each in a thread of its own. */
final class Together {
    private Together() {}

    /** What one of them does. */
    @FunctionalInterface
    interface Client {
        /** Does its part; clients are counted from 0. */
        void run(int number) throws IOException, InterruptedException;
    }

    /** Ends when all have; one that failed is told when the others have ended. */
    static void run(int clients, Client client) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                running.add(
                        threads.submit(() -> {
                            client.run(number);
                            return null;
                        }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw new IOException(cause == null ? "failed" : cause.getMessage(), cause);
        }
    }
}
