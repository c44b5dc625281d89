package io.mailkeep.testing.sim;

import java.io.IOException;
import java.nio.file.Path;

/** Decides which operations of a disk fail. */
@FunctionalInterface
public interface Faults {
    /** None. */
    Faults NONE = (op, path) -> {};

    /** Throws to make the operation fail, or doesn't return to make it hang. */
    void before(Op op, Path path) throws IOException;

    /** All that changes something fails after this many such operations. */
    static Faults after(int operations) {
        int[] left = {operations};
        return (op, path) -> {
            if (op.changes() && left[0]-- <= 0) {
                throw new IOException("the power is gone");
            }
        };
    }

    /** What is about to happen to a file or folder. */
    enum Op {
        CREATE,
        OPEN,
        READ,
        WRITE,
        TRUNCATE,
        FORCE,
        FORCE_FOLDER,
        DELETE,
        RENAME;

        /** Whether it changes something. */
        public boolean changes() {
            return this != OPEN && this != READ;
        }
    }
}
