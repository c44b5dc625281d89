package io.mailkeep.net;

/**
 * What a listener has seen since it opened.
 *
 * @param open connections at the moment
 * @param accepted connections that got a session
 * @param refused connections beyond a limit
 * @param handshakesFailed TLS handshakes that failed
 * @param injected connections on which plain text came before a TLS handshake ({@code ATK-04})
 * @param unproxied connections of a named proxy that didn't begin with a PROXY header in time
 * @param forged connections on which a PROXY header came that nobody had asked for ({@code
 *     ATK-138})
 * @param cut connections that were cut because a deadline had passed
 */
public record ListenerStatus(
        int open,
        long accepted,
        long refused,
        long handshakesFailed,
        long injected,
        long unproxied,
        long forged,
        long cut) {}
