package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.Dialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The node may open hardly a file more while connections come in under load; afterwards it is well
 * again without a start (FLT-21).
 */
@Claim("FLT-21")
final class FewDescriptors implements Row {
    private static final int ROUNDS = 3;
    private static final int CONNECTIONS = 80;

    @Override
    public String id() {
        return "FLT-21";
    }

    @Override
    public String what() {
        return "file descriptors run out";
    }

    @Override
    public void run(Scene scene) throws IOException {
        Site site = scene.site();
        String hard =
                Ran.ok(
                                "prlimit",
                                "--pid",
                                Long.toString(site.pid()),
                                "--nofile",
                                "-o",
                                "HARD",
                                "--noheadings")
                        .strip();
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            Load load = scene.load(round, 1_000, 3_000);
            long open = descriptors(site) + scene.randomness().below(12);
            limit(site, open + ":" + hard);
            List<Dialogue> crowd = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    crowd.add(Dialogue.plain("localhost", site.port(i % 2 == 0 ? 25 : 993)));
                }
                scene.pause(3_000, 6_000);
            } finally {
                for (Dialogue one : crowd) {
                    one.close();
                }
                limit(site, hard + ":" + hard);
            }
            scene.pause(1_000, 2_000);
            load.stop();
            if (!site.isAlive()) {
                throw new Lost("round " + round, List.of(new Finding(id(), "the node ended")));
            }
            scene.check("with descriptors again");
            System.out.println("  " + open + " descriptors: " + scene.figures());
        }
    }

    private static void limit(Site site, String limits) throws IOException {
        Ran.ok("prlimit", "--pid", Long.toString(site.pid()), "--nofile=" + limits);
    }

    private static long descriptors(Site site) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + site.pid() + "/fd"))) {
            return open.count();
        }
    }
}
