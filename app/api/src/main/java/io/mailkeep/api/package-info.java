/**
 * The HTTP surface: today the administration API of the command line, on loopback with pinned TLS
 * and a key that only the node's user can read. It has no rules of its own: every call becomes one
 * call of a room, with an access that the ticket authority made.
 *
 * <p>Promise: what isn't on the administration port, or comes without its key, is answered like a
 * path that doesn't exist. Called by {@code node} alone. It may touch sockets through the web
 * server; never the database, keys or volumes themselves. The way of one datum: {@code AdminGate} →
 * controller → room → JSON.
 */
@NullMarked
package io.mailkeep.api;

import org.jspecify.annotations.NullMarked;
