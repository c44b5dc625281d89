package io.mailkeep.keys;

import io.mailkeep.kernel.Claim;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Any order of what may happen, from a seed ({@code -Dseed=N} repeats one). */
class KeyTreePropertyTest {
    @Test
    @Claim({"DAT-4", "DAT-5", "ACC-3", "ATK-98", "ATK-101"})
    @DisplayName("S1, S3, S4, S6 and the tree's invariants hold in any order, with crashes")
    void holds() {
        TreeMap<String, Integer> stats = new TreeMap<>();
        io.mailkeep.testing.sim.Seeds.run(
                40, (seed, _) -> Assertions.assertThat(World.trace(seed, 60, stats)).isEmpty());
        System.out.println(stats);
    }
}
