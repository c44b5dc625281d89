package io.mailkeep.net;

import java.io.IOException;

/** The client was silent for too long, or took too long in all. Something can still be written. */
public final class TimedOut extends IOException {
    private static final long serialVersionUID = 1L;

    TimedOut(String message) {
        super(message);
    }
}
