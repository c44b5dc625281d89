package io.mailkeep.mailbox;

import io.mailkeep.kernel.Outcome;
import io.mailkeep.segments.Clear;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A message that is being appended for as long as a test wants: what arrives meanwhile waits. */
final class Plug implements AutoCloseable {
    private static final String TEXT = "Subject: plug\r\n\r\nbody\r\n";

    private final Dropbox dropbox;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch release = new CountDownLatch(1);

    Plug(StoreFixture store) throws InterruptedException {
        this.dropbox = store.mailboxes().dropbox();
        CountDownLatch entered = new CountDownLatch(1);
        Incoming slow =
                incoming(
                        store,
                        () -> {
                            entered.countDown();
                            release.await();
                            return new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.UTF_8));
                        });
        Delivery plug = store.delivery(store.person(), store.id(), slow);
        var _ = threads.submit(() -> dropbox.deliver(List.of(plug)));
        entered.await();
    }

    /** A message whose body comes from here. */
    static Incoming incoming(StoreFixture store, Callable<InputStream> source) {
        Incoming good = store.message(TEXT);
        Clear body =
                new Clear() {
                    @Override
                    public long size() {
                        return good.body().size();
                    }

                    @Override
                    public InputStream open() throws IOException {
                        try {
                            return source.call();
                        } catch (IOException failure) {
                            throw failure;
                        } catch (Exception impossible) {
                            throw new IllegalStateException(impossible);
                        }
                    }

                    @Override
                    public void close() {}
                };
        return new Incoming(good.dataClass(), body, good.outline());
    }

    /** Gives a message to the dropbox. */
    Future<Outcome<Dropbox.Receipt>> deliver(Delivery delivery) {
        return threads.submit(() -> dropbox.deliver(List.of(delivery)).getFirst());
    }

    /** Gives these to the dropbox, one after another; each waits, or is refused. */
    List<Future<Outcome<Dropbox.Receipt>>> waiting(List<Delivery> deliveries) {
        List<Future<Outcome<Dropbox.Receipt>>> all = new ArrayList<>();
        for (Delivery one : deliveries) {
            int before = dropbox.counters().waiting();
            all.add(deliver(one));
            while (dropbox.counters().waiting() == before && !all.getLast().isDone()) {
                Thread.onSpinWait();
            }
        }
        return all;
    }

    /** Lets the message through; answers how the others ended. */
    List<Outcome<Dropbox.Receipt>> release(List<Future<Outcome<Dropbox.Receipt>>> waiting)
            throws InterruptedException, ExecutionException {
        release.countDown();
        List<Outcome<Dropbox.Receipt>> outcomes = new ArrayList<>();
        for (Future<Outcome<Dropbox.Receipt>> one : waiting) {
            outcomes.add(one.get());
        }
        return outcomes;
    }

    @Override
    public void close() {
        release.countDown();
        threads.close();
    }
}
