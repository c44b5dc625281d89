package io.mailkeep.segments.internal;

import java.io.IOException;

/** The volume failed, not what was to be written to it. */
final class DiskFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean full;

    DiskFailure(IOException cause) {
        super(cause.toString(), cause);
        String text = String.valueOf(cause.getMessage());
        full = text.contains("No space left on device") || text.contains("Disk quota exceeded");
    }

    /** Whether the cause is that no room is left. */
    boolean full() {
        return full;
    }
}
