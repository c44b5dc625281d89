package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import java.util.concurrent.atomic.AtomicLong;

/** Gives each letter and each folder of a run its own name, with the run's canary in it. */
final class Letters {
    private final String canary;
    private final AtomicLong letters = new AtomicLong();
    private final AtomicLong folders = new AtomicLong();

    Letters(String canary) {
        this.canary = canary;
    }

    /** A letter nobody sent before. */
    Letter next(Randomness randomness) {
        return Letter.of("t" + letters.incrementAndGet(), canary, randomness);
    }

    /** A folder's mark that none had before. */
    String mark() {
        return "f" + folders.incrementAndGet();
    }

    /** What stands in every letter and folder name. */
    String canary() {
        return canary;
    }
}
