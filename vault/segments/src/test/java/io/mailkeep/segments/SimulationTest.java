package io.mailkeep.segments;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Any order of appends, expunges, sweeps, clean ends, deaths of the process, power cuts and failing
 * disks, replayed from a seed: what was acknowledged is there and identical, what wasn't is there
 * whole or not at all, no place is used twice, and what the disk spoiled is named, never served.
 */
class SimulationTest {
    @Test
    @Claim({"FLT-01", "FLT-03", "FLT-08", "FLT-10", "FLT-12", "FLT-17"})
    void whatWasAcknowledgedSurvivesAndNothingElseIsThereInPart() {
        Seeds.run(82_000, (seed, random) -> new World(random).live(3));
    }

    @Test
    @Claim({"FLT-10", "FLT-15"})
    void aDiskThatLiesOnceAboutASyncIsFoundOut() {
        Seeds.run(5_000, (seed, random) -> new World(random).lied());
    }

    @Test
    @Claim({"FLT-15", "FLT-16"})
    void rotAndStaleAndMisdirectedBlocksNeverYieldWrongBytes() {
        Seeds.run(5_000, (seed, random) -> new World(random).rot());
    }
}
