package io.mailkeep.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.Seeds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Any order of what may happen, from a seed ({@code -Dseed=N} repeats one). */
@Claim({"DAT-4", "DAT-5", "ACC-3", "ATK-98", "ATK-101", "ATK-102"})
class KeyTreePropertyTest {
    private static final int STEPS = 60;

    @Test
    @DisplayName("S1 to S4, S6 and the tree's invariants hold in any order, with crashes")
    void holds() {
        Map<String, Integer> stats = new TreeMap<>();
        Seeds.run(20, (seed, _) -> assertThat(World.trace(seed, STEPS, stats)).isEmpty());
        assertThat(stats).containsKeys("CRASH", "accepted", "refused", "destroy", "rotate");
    }

    @Test
    @DisplayName("The same with buckets of three, which fill")
    void holdsWithSmallBuckets() {
        Mutant.Runner small = Mutant.runner(Mutant.compile(List.of(Mutations.SMALL_BUCKETS)));
        Seeds.run(20, (seed, _) -> assertThat(small.run(seed, STEPS)).isEmpty());
    }
}
