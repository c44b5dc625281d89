package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * SIGKILL while a start repairs what an earlier one left, twice in a row, while a node stops, and
 * while a first start prepares an empty folder: the next start finishes it (FLT-03).
 */
@Claim("FLT-03")
final class KillAtStart implements Row {
    private static final int ROUNDS = 6;
    private static final int START_MS = 4_000;
    private static final int FIRST_START_MS = 15_000;

    @Override
    public String id() {
        return "FLT-03";
    }

    @Override
    public String what() {
        return "SIGKILL during starts after a kill, during stops, and during first starts";
    }

    @Override
    public void run(Scene scene) throws IOException {
        Site site = scene.site();
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            Load load = scene.load(round, 500, 2_000);
            if (round % 3 == 2) {
                Site.signal("TERM", site.pid());
                scene.pause(0, 500);
            }
            kill(scene, round);
            load.stop();
            for (int again = 0; again < 2; again++) {
                site.launch();
                scene.pause(0, START_MS);
                kill(scene, round + again);
            }
            site.start();
            scene.check("after kill " + round);
            first(scene, round);
            System.out.println("  kill " + round + ": " + scene.figures());
        }
    }

    private static void kill(Scene scene, int round) throws IOException {
        if (round % 2 == 1) {
            scene.site().killPostgres();
        }
        scene.site().kill();
    }

    private void first(Scene scene, int round) throws IOException {
        Path folder = Files.createDirectory(scene.folder().resolve("first-" + round));
        try (Site fresh = scene.site().another(folder.resolve("data"), Ports.freeOffset())) {
            fresh.launch();
            scene.pause(0, FIRST_START_MS);
            fresh.kill();
            fresh.start();
            Ran doctor = fresh.cli("doctor", "--store");
            if (doctor.status() != 0) {
                String what = "after a first start that was killed: " + doctor.out();
                throw new Lost("first start " + round, List.of(new Finding(id(), what)));
            }
        }
        Stage.remove(folder);
    }
}
