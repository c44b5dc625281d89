package io.mailkeep.net;

import java.io.IOException;

/** A TLS handshake failed: the connection can't be used any more. */
public final class TlsFailed extends IOException {
    private static final long serialVersionUID = 1L;

    TlsFailed(IOException cause) {
        super("TLS handshake failed", cause);
    }
}
