package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.util.List;

/**
 * SIGKILL of one of PostgreSQL's processes, or of the postmaster with all of them, under load; the
 * node goes on (FLT-04).
 */
@Claim("FLT-04")
final class KillPostgres implements Row {
    private static final int ROUNDS = 8;

    @Override
    public String id() {
        return "FLT-04";
    }

    @Override
    public String what() {
        return "SIGKILL of a PostgreSQL process, or of all, under load";
    }

    @Override
    public void run(Scene scene) throws IOException {
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            Load load = scene.load(round, 500, 3_000);
            List<ProcessHandle> all = scene.site().postgres();
            if (round % 2 == 1 || all.size() < 2) {
                scene.site().killPostgres();
            } else {
                all.get(1 + scene.randomness().below(all.size() - 1)).destroyForcibly();
            }
            scene.pause(2_000, 6_000);
            scene.held(load, "kill " + round);
        }
    }
}
