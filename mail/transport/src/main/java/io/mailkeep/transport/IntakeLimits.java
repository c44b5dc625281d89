package io.mailkeep.transport;

/**
 * What a message on its way in may be.
 *
 * @param messageOctets as sent, without dot-stuffing (RFC 1870)
 * @param recipients a transaction (RFC 5321 4.5.3.1.8 asks for 100 at least)
 * @param headerOctets everything before the first empty line
 * @param receivedFields {@code Received} fields; more mean a loop (RFC 5321 6.3)
 */
public record IntakeLimits(
        long messageOctets, int recipients, int headerOctets, int receivedFields) {
    /** 56 MiB, 100 recipients, 256 KiB of header, 100 hops. */
    public static IntakeLimits standard() {
        return new IntakeLimits(56L << 20, 100, 256 << 10, 100);
    }
}
