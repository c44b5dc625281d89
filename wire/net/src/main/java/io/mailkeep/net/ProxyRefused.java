package io.mailkeep.net;

import java.io.IOException;

/** A named proxy's connection didn't begin with a header that tells whose it is. */
final class ProxyRefused extends IOException {
    private static final long serialVersionUID = 1L;

    ProxyRefused(IOException cause) {
        super("no PROXY header", cause);
    }
}
