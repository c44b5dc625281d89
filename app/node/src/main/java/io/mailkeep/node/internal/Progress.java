package io.mailkeep.node.internal;

import io.mailkeep.kernel.Time;
import java.io.PrintWriter;
import java.util.Locale;

/** Tells the person at the terminal what is being done, with the seconds since the start. */
final class Progress {
    private final PrintWriter out;
    private final Time time;
    private final long begun;

    Progress(PrintWriter out, Time time) {
        this.out = out;
        this.time = time;
        this.begun = time.nanos();
    }

    /** One line, at once. */
    void say(String line) {
        out.printf(Locale.ROOT, "%5.1f s  %s%n", (time.nanos() - begun) / 1e9, line);
        out.flush();
    }

    /** Lines without a time. */
    void plain(String text) {
        out.println(text);
        out.flush();
    }
}
