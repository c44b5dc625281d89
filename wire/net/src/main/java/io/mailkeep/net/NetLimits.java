package io.mailkeep.net;

import java.time.Duration;

/**
 * What a listener allows ({@code NET-2}).
 *
 * @param connections open at once on this listener
 * @param connectionsPerAddress open at once from one address; an IPv6 /64 counts as one ({@code
 *     ATK-141})
 * @param backlog connections that the system may hold before they are accepted
 * @param handshake a TLS handshake may take in all
 * @param writeStall one write may wait for the client in all, before the connection is cut
 * @param stopGrace connections get to end when the listener stops
 */
public record NetLimits(
        int connections,
        int connectionsPerAddress,
        int backlog,
        Duration handshake,
        Duration writeStall,
        Duration stopGrace) {
    /** 3,000 connections, 250 an address, 10 s for a handshake, 60 s for a write, 3 s to stop. */
    public static NetLimits standard() {
        return new NetLimits(
                3_000,
                250,
                512,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(3));
    }

    /**
     * Open at once from one network, an IPv4 /24 or an IPv6 /48: half of all, so that none takes
     * every place ({@code ATK-141}), and never fewer than one address may have.
     */
    public int connectionsPerNetwork() {
        return Math.max(connectionsPerAddress, (connections + 1) / 2);
    }
}
