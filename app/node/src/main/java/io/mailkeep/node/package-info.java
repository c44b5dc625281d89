/**
 * The runnable: reads the configuration, puts the rooms together, starts and stops them, and is the
 * command line.
 *
 * <p>Promise: a start either ends with every listener ready or changes nothing and says why; a stop
 * takes at most 5 s. It may touch the process, the configuration and {@code run/}; it holds no rule
 * about data of its own. The way of one command: {@code Main} → {@code command/<Verb>} → {@code
 * AdminClient} → administration API (pinned TLS, loopback) → room.
 */
@NullMarked
package io.mailkeep.node;

import org.jspecify.annotations.NullMarked;
