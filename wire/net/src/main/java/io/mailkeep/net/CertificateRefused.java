package io.mailkeep.net;

/**
 * The server's certificate can't be used as it is configured; the message says what to do. Stops a
 * start.
 */
public final class CertificateRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** {@code message} is shown to the administrator. */
    public CertificateRefused(String message, Throwable cause) {
        super(message, cause);
    }

    /** Without a cause. */
    public CertificateRefused(String message) {
        super(message);
    }
}
