package io.mailkeep.mailbox.internal;

import io.mailkeep.database.DropboxCalls;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.segments.StoredBlob;
import io.mailkeep.segments.Writing;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * One message on its way into the store: its bodies (one a tenant) and its copies. Sealed before it
 * comes here; settled exactly once, whatever happens to the committer.
 */
final class Job {
    private final List<Writing> bodies;
    private final List<DropboxCalls.Copy> copies;
    private final long bytes;
    private final CountDownLatch settled = new CountDownLatch(1);

    /** Set by the committer's thread alone: where the bodies lie once they are durable. */
    private List<StoredBlob> stored = List.of();

    private volatile List<DropboxCalls.Result> results = List.of();
    private volatile Optional<Unavailable> failure = Optional.empty();

    Job(List<Writing> bodies, List<DropboxCalls.Copy> copies) {
        this.bodies = List.copyOf(bodies);
        this.copies = List.copyOf(copies);
        this.bytes = bodies.stream().mapToLong(one -> one.body().size()).sum();
    }

    List<Writing> bodies() {
        return bodies;
    }

    List<DropboxCalls.Copy> copies() {
        return copies;
    }

    long bytes() {
        return bytes;
    }

    List<StoredBlob> stored() {
        return stored;
    }

    void stored(List<StoredBlob> places) {
        stored = List.copyOf(places);
    }

    boolean open() {
        return settled.getCount() > 0;
    }

    void settle(List<DropboxCalls.Result> answers) {
        results = List.copyOf(answers);
        settled.countDown();
    }

    void settle(Unavailable problem) {
        failure = Optional.of(problem);
        settled.countDown();
    }

    /**
     * Waits for the outcome, through interrupts: the committer may be reading the body, and what
     * became of the message has to be known.
     */
    List<DropboxCalls.Result> await() {
        boolean interrupted = false;
        while (true) {
            try {
                settled.await();
                break;
            } catch (InterruptedException told) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return results;
    }
}
