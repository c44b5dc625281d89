package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * SIGKILL of the node at random moments under load, in every other round of PostgreSQL too; it
 * starts again under load (FLT-01). Up again after a kill takes less than twice as long as after a
 * stop: what was left behind is repaired in passing.
 */
@Claim({"FLT-01", "FLT-04", "NET-5"})
final class KillNode implements Row {
    private static final int ROUNDS = 20;
    private static final int SAMPLES = 3;

    @Override
    public String id() {
        return "FLT-01";
    }

    @Override
    public String what() {
        return "SIGKILL of the node, and of PostgreSQL with it, under load";
    }

    @Override
    public void run(Scene scene) throws IOException {
        List<Duration> alone = new ArrayList<>();
        List<Duration> withPostgres = new ArrayList<>();
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            boolean both = round % 2 == 1;
            Load load = scene.load(round, 500, 4_000);
            if (both) {
                scene.site().killPostgres();
            }
            scene.site().kill();
            load.pause();
            Duration ready = scene.site().start();
            load.go();
            scene.pause(500, 1_500);
            load.stop();
            (both ? withPostgres : alone).add(ready);
            scene.check("after kill " + round);
            System.out.printf(
                    "  kill %d: ready after %.1f s; %s%n",
                    round, ready.toMillis() / 1e3, scene.figures());
        }
        scene.site().stop();
        Duration afterStop = scene.site().start();
        for (List<Duration> ready : List.of(alone, withPostgres)) {
            // the quickest of several: the machine may be busy with something else
            if (ready.size() >= SAMPLES
                    && Collections.min(ready).compareTo(afterStop.multipliedBy(2)) > 0) {
                String what = ready + " after kills, " + afterStop + " after a stop";
                throw new Lost("ready again", List.of(new Finding(id(), what)));
            }
        }
    }
}
