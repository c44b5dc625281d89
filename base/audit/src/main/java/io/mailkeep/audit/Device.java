package io.mailkeep.audit;

import io.mailkeep.audit.internal.DeviceWorker;
import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.audit.internal.Merkle;
import io.mailkeep.kernel.InstallationId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** One audit device as the sequencer sees it. Used by one thread; its state is read by others. */
final class Device implements AutoCloseable {
    final String role;
    final LogFolder folder;
    private final DeviceWorker worker;
    private volatile long size;
    private volatile Optional<String> aside = Optional.empty();
    private long retryAt;

    Device(String role, LogFolder folder, DeviceWorker worker) {
        this.role = role;
        this.folder = folder;
        this.worker = worker;
    }

    DeviceState state() {
        return new DeviceState(role, folder.path(), size, aside);
    }

    boolean inUse() {
        return aside.isEmpty();
    }

    long size() {
        return size;
    }

    void holds(long entries) {
        size = entries;
    }

    void use() {
        aside = Optional.empty();
    }

    void setAside(String why, long retryAtNanos) {
        aside = Optional.of(why);
        retryAt = retryAtNanos;
    }

    /** Whether a device set aside may be tried again: it is idle and its time has come. */
    boolean worthTrying(long nanos) {
        return !inUse() && !worker.busy() && nanos - retryAt >= 0;
    }

    /** Whether something handed to it hasn't ended yet. */
    boolean busy() {
        return worker.busy();
    }

    <T> DeviceWorker.Handed<T> hand(Callable<T> work) {
        return worker.hand(work);
    }

    <T> T within(Duration deadline, Callable<T> work) throws Exception {
        return worker.hand(work).await(deadline);
    }

    /** Makes its folder a copy of a log without entries. */
    void begin(InstallationId installation, CheckpointKey key) throws IOException {
        folder.create(installation, role, key.verifierKey() + "\n", key.sign(0, Merkle.empty()));
    }

    @Override
    public void close() {
        if (!worker.busy()) {
            try {
                folder.close();
            } catch (IOException alreadyGone) {
                // The lock ends with the process at the latest.
            }
        }
        worker.close();
    }
}
