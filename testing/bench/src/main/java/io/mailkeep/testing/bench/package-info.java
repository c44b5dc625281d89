/**
 * Whole-server measurements: the same work for Mailkeep and for what a company would use instead,
 * on one machine in one run, so that ratios mean something when times don't.
 *
 * <p>Promise: every server keeps mail as durably as the others, does the same work in interleaved
 * rounds, and pays for every process it starts. Started by {@code ./mailkeep bench}; may touch
 * loopback sockets, processes it starts, and a folder of its own.
 */
@NullMarked
package io.mailkeep.testing.bench;

import org.jspecify.annotations.NullMarked;
