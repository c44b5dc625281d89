/**
 * Time, chance and a disk that a seed replays ({@link io.mailkeep.testing.sim.Seeds}): a failure
 * names the seed that repeats it. For tests only; touches nothing real.
 */
@NullMarked
package io.mailkeep.testing.sim;

import org.jspecify.annotations.NullMarked;
