/**
 * Sockets and TLS: listeners, connections, the server's certificate.
 *
 * <p><b>Promise.</b> Each connection runs in a virtual thread of its own under limits that hold
 * whatever the client does: number of connections in all and an address, octets a line, time idle
 * and time in all, time a write may stall. TLS is 1.2 or 1.3 with AEAD suites only ({@code NET-1}).
 * Plain text that was sent before a TLS handshake never counts as sent inside it ({@code ATK-04}).
 * Who a client is says its connection, or a proxy that is named, and nobody else.
 *
 * <p><b>Who may call it.</b> The protocol rooms ({@code smtp}, {@code imap}) and {@code node}.
 *
 * <p><b>What it may touch.</b> Sockets, and the folder of its certificates. The certificate
 * authority's private key is handed in and out; it is never in that folder.
 *
 * <p><b>What it never does.</b> Know a protocol's words, but the one message that all of them share
 * ({@link io.mailkeep.net.PlainMessage}); know an account or a mail; write what was sent to a log.
 *
 * <p><b>The way of one line.</b> {@link io.mailkeep.net.Listener} accepts and counts → {@link
 * io.mailkeep.net.Connection} reads it, bounded, and judges its end → a protocol's session gets a
 * {@link io.mailkeep.net.Line}.
 */
@NullMarked
package io.mailkeep.net;

import org.jspecify.annotations.NullMarked;
