package io.mailkeep.node.internal;

import java.time.Duration;

/**
 * What HTTPS allows ({@code NET-2}, {@code ATK-139}).
 *
 * @param connections open at once
 * @param connectionsPerAddress open at once from one address; an IPv6 /64 counts as one
 * @param idle a client may be silent
 * @param request a TLS hello may take in all, and so may a request: its header, its body, and what
 *     is done until the answer begins
 */
record HttpLimits(int connections, int connectionsPerAddress, Duration idle, Duration request) {
    /** 1,000 connections, 100 an address, 10 s of silence, a minute a request. */
    static HttpLimits standard() {
        return new HttpLimits(1_000, 100, Duration.ofSeconds(10), Duration.ofMinutes(1));
    }
}
