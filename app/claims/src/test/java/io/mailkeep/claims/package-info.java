/** Verdicts, each from what a probe saw; the probes themselves run on a node in {@code node}. */
@NullMarked
package io.mailkeep.claims;

import org.jspecify.annotations.NullMarked;
