package io.mailkeep.net;

import java.net.InetSocketAddress;

/**
 * Where and how a listener listens.
 *
 * @param name of the service, for threads and logs
 * @param address port 0 takes a free one
 * @param implicitTls TLS starts with the first octet (RFC 8314)
 * @param busy what a client beyond the limits is told before it is cut, with its CRLF; not with
 *     implicit TLS
 */
public record ListenerSettings(
        String name, InetSocketAddress address, boolean implicitTls, String busy) {}
