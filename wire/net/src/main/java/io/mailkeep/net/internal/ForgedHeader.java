package io.mailkeep.net.internal;

import java.io.IOException;

/** A client sent a PROXY header that nobody asked it for. */
public final class ForgedHeader extends IOException {
    private static final long serialVersionUID = 1L;

    ForgedHeader() {
        super("a PROXY header that nobody asked for");
    }
}
