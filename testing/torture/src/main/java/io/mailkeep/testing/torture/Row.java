package io.mailkeep.testing.torture;

import java.io.IOException;

/** One row of faults: brings them about under load, and holds the rules after each. */
interface Row {
    /** Such as {@code FLT-01}. */
    String id();

    /** What happens, in one line. */
    String what();

    /**
     * Runs on a scene of its own, whose node is ready and without load.
     *
     * @throws Lost something doesn't hold
     */
    void run(Scene scene) throws IOException;
}
