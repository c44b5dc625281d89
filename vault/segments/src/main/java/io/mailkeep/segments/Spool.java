package io.mailkeep.segments;

import io.mailkeep.kernel.Randomness;
import java.nio.file.Path;

/** Where mail in flight waits. */
public final class Spool implements AutoCloseable {
    public Spool(Path folder, Randomness randomness, SpoolLimits limits) {
        throw new UnsupportedOperationException();
    }

    /** A place for one body to be written to. */
    public SpoolWriter writer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
