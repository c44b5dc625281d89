package io.mailkeep.segments.internal;

import java.io.IOException;

/** The volume failed, not what was to be written to it. */
final class DiskFailure extends Exception {
    private static final long serialVersionUID = 1L;

    DiskFailure(IOException cause) {
        super(cause);
    }

    /** Whether the cause is that no room is left. */
    boolean full() {
        String text = String.valueOf(getCause().getMessage());
        return text.contains("No space left on device") || text.contains("Disk quota exceeded");
    }
}
