/**
 * Simulated time and disk, and seeds: what makes a failure repeatable from one number.
 *
 * <p>Promise: the same seed gives the same run, and a failing run prints its seed. Called by tests
 * of any room. It touches nothing of the machine: its disk is memory that forgets what wasn't
 * synced, tears writes, and lies, as a disk may; {@link io.mailkeep.testing.sim.FaultyDisk} puts
 * failures before another one. {@link io.mailkeep.testing.sim.ShiftedTime} and {@link
 * io.mailkeep.testing.sim.Soon} alone go by the machine's clock, for what waits on real sockets;
 * {@link io.mailkeep.testing.sim.Wycheproof} reads published vectors where somebody has them.
 */
@NullMarked
package io.mailkeep.testing.sim;

import org.jspecify.annotations.NullMarked;
