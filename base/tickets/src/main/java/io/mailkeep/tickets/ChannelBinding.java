package io.mailkeep.tickets;

/**
 * What makes one connection different from every other: keying material exported from its TLS
 * session (RFC 9266), or random bytes of the process for a module's own calls.
 */
public record ChannelBinding(byte[] bytes) {
    /** SHA-256 of the binding, as tickets carry it. */
    public byte[] digest() {
        try {
            return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "[channel binding]";
    }
}
