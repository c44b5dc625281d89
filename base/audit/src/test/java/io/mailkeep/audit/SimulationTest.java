package io.mailkeep.audit;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Any order of entries, failing devices, deaths of the process and power cuts, replayed from a
 * seed: what left the outbox is on the log once, whole and in its place, no log that anybody saw is
 * contradicted, and what a disk spoiled or lied about is named.
 */
@Claim({"DAT-6", "ATK-116"})
class SimulationTest {
    private static CheapEd25519 cheap;

    @BeforeAll
    static void signCheaply() {
        cheap = new CheapEd25519();
    }

    @AfterAll
    static void signAsUsual() {
        cheap.close();
    }

    @Test
    @Claim({"FLT-01", "FLT-03", "FLT-08", "FLT-10", "FLT-12", "FLT-40"})
    void whatWasPublishedStaysAndTheLogNeverForks() {
        Seeds.run(
                6_000,
                (seed, random) -> {
                    try (LogWorld world = new LogWorld(random)) {
                        world.live(3);
                    }
                });
    }

    @Test
    @Claim("FLT-10")
    void aDeviceThatLiesOnceAboutASyncIsFoundOut() {
        Seeds.run(
                1_000,
                (seed, random) -> {
                    try (LogWorld world = new LogWorld(random)) {
                        world.lied();
                    }
                });
    }

    @Test
    @Claim({"FLT-15", "FLT-16"})
    void rotAndStaleAndMisdirectedBlocksAreNamedAndNeverServed() {
        Seeds.run(
                1_000,
                (seed, random) -> {
                    try (LogWorld world = new LogWorld(random)) {
                        world.rot();
                    }
                });
    }
}
