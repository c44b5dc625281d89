/**
 * Clients of the protocols that the server speaks, so that tests and the claims' probes read like
 * dialogues: what is said goes out exactly as written, what comes back is shown as it came.
 *
 * <p>Promise: every read has a deadline, and TLS checks the certificate against one authority.
 * Called by tests and by {@code claims}. It may touch sockets, as any client; it knows no room of
 * the server.
 */
@NullMarked
package io.mailkeep.testing.client;

import org.jspecify.annotations.NullMarked;
