package io.mailkeep.audit;

import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** surface */
public final class AuditLog implements AutoCloseable {
    private AuditLog() {}

    /** Opens. */
    public static AuditLog open(
            Path a,
            Path b,
            InstallationId installation,
            CheckpointKey key,
            RememberedCheckpoint remembered,
            Outbox outbox,
            Trail trail,
            Time time,
            AuditLimits limits) {
        throw new UnsupportedOperationException();
    }

    /** Devices. */
    public List<DeviceState> devices() {
        throw new UnsupportedOperationException();
    }

    /** Size. */
    public long size() {
        throw new UnsupportedOperationException();
    }

    /** Gate. */
    public Optional<Problem> backlogGate() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
