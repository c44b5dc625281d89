package io.mailkeep.net.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The header of the PROXY protocol, version 2 (HAProxy's proxy-protocol.txt, 2.2): whose connection
 * a proxy hands on. Strict: what isn't exactly that is no header, version 1's text neither.
 */
public final class ProxyHeader {
    /**
     * Its octets in all, at most: what one TCP segment holds in any network, and the sender has to
     * put the whole header into one. The addresses end at 52; the rest is room for what a proxy
     * says besides.
     */
    public static final int MOST_OCTETS = 536;

    private static final int FIXED_OCTETS = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP_IPV4 = 0x11;
    private static final int TCP_IPV6 = 0x21;

    private ProxyHeader() {}

    /** The next octets of a connection, all of them or an {@link IOException}. */
    @FunctionalInterface
    public interface Octets {
        /** Reads exactly {@code count}. */
        byte[] next(int count) throws IOException;
    }

    /**
     * Reads one header and no octet behind it.
     *
     * @return the client's address; empty if the proxy speaks for itself ({@code LOCAL})
     * @throws ProtocolException it isn't a header of version 2 for TCP over IPv4 or IPv6
     */
    public static Optional<InetAddress> read(Octets octets) throws IOException {
        byte[] fixed = octets.next(FIXED_OCTETS);
        if (!new ProxySignature().endsIn(fixed, ProxySignature.OCTETS)) {
            throw new ProtocolException("no signature of version 2");
        }
        int command = fixed[12] & 0xFF;
        if (command != LOCAL && command != PROXY) {
            throw new ProtocolException("another version or command");
        }
        int length = ((fixed[14] & 0xFF) << 8) | (fixed[15] & 0xFF);
        if (FIXED_OCTETS + length > MOST_OCTETS) {
            throw new ProtocolException("too long");
        }
        int addressOctets = command == LOCAL ? 0 : addressOctets(fixed[13] & 0xFF);
        // source, destination, and a port of two octets for each
        if (command == PROXY && length < 2 * addressOctets + 4) {
            throw new ProtocolException("too short for its addresses");
        }
        byte[] rest = octets.next(length);
        return command == LOCAL
                ? Optional.empty()
                : Optional.of(InetAddress.getByAddress(Arrays.copyOf(rest, addressOctets)));
    }

    private static int addressOctets(int family) throws ProtocolException {
        return switch (family) {
            case TCP_IPV4 -> 4;
            case TCP_IPV6 -> 16;
            default -> throw new ProtocolException("not TCP over IPv4 or IPv6");
        };
    }
}
