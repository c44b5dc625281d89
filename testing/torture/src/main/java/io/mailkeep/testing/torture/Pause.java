package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.util.List;

/**
 * SIGSTOP of the node or of PostgreSQL for some seconds under load, as a long collection or a
 * frozen machine does; a second node is refused meanwhile and names the one that holds the data
 * (FLT-05, FLT-20).
 */
@Claim({"FLT-05", "FLT-20"})
final class Pause implements Row {
    private static final int ROUNDS = 4;

    @Override
    public String id() {
        return "FLT-05";
    }

    @Override
    public String what() {
        return "SIGSTOP of the node or of PostgreSQL, and a second node meanwhile";
    }

    @Override
    public void run(Scene scene) throws IOException {
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            Load load = scene.load(round, 500, 3_000);
            if (round % 2 == 0) {
                node(scene);
            } else {
                postgres(scene);
            }
            scene.pause(1_000, 4_000);
            scene.held(load, "pause " + round);
        }
    }

    private void node(Scene scene) throws IOException {
        long pid = scene.site().pid();
        Site.signal("STOP", pid);
        Ran second = scene.site().cli("up");
        scene.pause(5_000, 15_000);
        Site.signal("CONT", pid);
        if (second.status() != 1 || !second.out().contains("process " + pid)) {
            String what = "a second node isn't refused by name: " + second.out();
            throw new Lost("while the node was stopped", List.of(new Finding("FLT-20", what)));
        }
    }

    private static void postgres(Scene scene) throws IOException {
        List<ProcessHandle> all = scene.site().postgres();
        for (ProcessHandle one : all) {
            Site.signal("STOP", one.pid());
        }
        scene.pause(5_000, 15_000);
        for (ProcessHandle one : all) {
            Site.signal("CONT", one.pid());
        }
    }
}
