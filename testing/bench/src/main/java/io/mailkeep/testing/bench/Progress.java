package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.util.Locale;

/** Tells every two seconds, on the line that is being written, how much of a long work is done. */
final class Progress {
    private static final Duration BEAT = Duration.ofSeconds(2);

    private final int all;
    private final String what;
    private long told = Time.system().nanos();

    /** Begins now. */
    Progress(int all, String what) {
        this.all = all;
        this.what = what;
    }

    /** So much is done. */
    synchronized void done(int count) {
        long now = Time.system().nanos();
        if (now - told >= BEAT.toNanos()) {
            told = now;
            System.out.printf(Locale.ROOT, "[%,d of %,d %s] ", count, all, what);
            System.out.flush();
        }
    }
}
