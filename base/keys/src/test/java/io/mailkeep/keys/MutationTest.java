package io.mailkeep.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The property test catches rules that are broken on purpose: a test of the test. */
@Claim({"DAT-4", "DAT-5"})
class MutationTest {
    /** Traces tried against each change before it counts as missed. */
    private static final int SEEDS = Integer.getInteger("mailkeep.mutation.seeds", 6);

    private static final int STEPS = 60;
    private static final int WANTED = 20;

    @Test
    @DisplayName("at least 20 broken rules of the scheme are caught, and the unbroken room isn't")
    void brokenRulesAreCaught() throws InterruptedException, ExecutionException {
        Map<String, Future<Long>> runs = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Mutations.all()
                    .forEach((rule, changes) -> {
                        List<Mutant.Patch> patches = new ArrayList<>(changes);
                        patches.add(Mutations.SMALL_BUCKETS);
                        runs.put(rule, threads.submit(() -> firstSeedThatCatches(patches)));
                    });
        }
        Map<String, Long> caught = new LinkedHashMap<>();
        List<String> missed = new ArrayList<>();
        for (Map.Entry<String, Future<Long>> run : runs.entrySet()) {
            long seed = run.getValue().get();
            if (seed > 0) {
                caught.put(run.getKey(), seed);
            } else {
                missed.add(run.getKey());
            }
        }
        System.out.println("caught " + caught.size() + " broken rules; missed " + missed);
        System.out.println("by seed: " + caught);
        assertThat(caught).as("missed: %s", missed).hasSizeGreaterThanOrEqualTo(WANTED);
        assertThat(firstSeedThatCatches(List.of(Mutations.SMALL_BUCKETS)))
                .as("false alarm in the unbroken room")
                .isZero();
    }

    private static long firstSeedThatCatches(List<Mutant.Patch> patches) {
        Mutant.Runner runner = Mutant.runner(Mutant.compile(patches));
        for (long seed = 1; seed <= SEEDS; seed++) {
            if (!runner.run(seed, STEPS).isEmpty()) {
                return seed;
            }
        }
        return 0;
    }
}
