package io.mailkeep.net;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where and how a listener listens.
 *
 * @param name of the service, for threads and logs
 * @param address port 0 takes a free one
 * @param implicitTls TLS starts with the first octet (RFC 8314)
 * @param busy what a client beyond the limits is told before it is cut, with its CRLF; not with
 *     implicit TLS
 * @param proxies whoever connects from here is a proxy: its connections begin with a PROXY header
 *     of version 2 or are closed. Anybody else's that begins with one is closed and told
 */
public record ListenerSettings(
        String name,
        InetSocketAddress address,
        boolean implicitTls,
        String busy,
        List<Network> proxies) {
    public ListenerSettings {
        proxies = List.copyOf(proxies);
    }
}
