/** Simulation. */
@NullMarked
package io.mailkeep.testing.sim;

import org.jspecify.annotations.NullMarked;
