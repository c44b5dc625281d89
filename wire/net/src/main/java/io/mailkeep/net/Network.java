package io.mailkeep.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv4 or IPv6 network: the addresses that share their first bits. */
public final class Network {
    private static final Pattern TEXT =
            Pattern.compile(
                    "((?:\\d{1,3}\\.){3}\\d{1,3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)(?:/(\\d{1,3}))?");

    private final byte[] address;
    private final int prefix;

    private Network(byte[] address, int prefix) {
        this.address = address;
        this.prefix = prefix;
    }

    /**
     * Reads {@code 192.0.2.1}, {@code 192.0.2.0/24} or {@code 2001:db8::/32}; empty for anything
     * else, names and networks of everybody ({@code /0}) too. Nothing is looked up.
     */
    public static Optional<Network> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            byte[] address = InetAddress.ofLiteral(parts.group(1)).getAddress();
            int bits = address.length * 8;
            int prefix = parts.group(2) == null ? bits : Integer.parseInt(parts.group(2));
            boolean fine = prefix >= 1 && prefix <= bits;
            return fine ? Optional.of(new Network(address, prefix)) : Optional.empty();
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    /** What counts as one client: an IPv4 address, an IPv6 /64 ({@code ATK-141}). */
    public static Network ofOne(InetAddress client) {
        byte[] address = client.getAddress();
        return new Network(address, client instanceof Inet6Address ? 64 : 32);
    }

    /** The address belongs to it; one of the other family never does. */
    public boolean contains(InetAddress other) {
        byte[] bytes = other.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        for (int i = 0; i < prefix; i++) {
            int bit = 0x80 >> (i % 8);
            if ((bytes[i / 8] & bit) != (address[i / 8] & bit)) {
                return false;
            }
        }
        return true;
    }
}
