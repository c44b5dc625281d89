package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One audit device goes away under load, the other one, both: with one everything goes on, and it
 * is taken back by itself; what is acknowledged without both is on the log when they are back
 * (FLT-40).
 */
@Claim("FLT-40")
final class LostAuditDevice implements Row {
    private static final List<List<String>> LOST =
            List.of(List.of("a"), List.of("b"), List.of("a", "b"));

    @Override
    public String id() {
        return "FLT-40";
    }

    @Override
    public String what() {
        return "audit device a, b, or both go away, and come back";
    }

    @Override
    public void run(Scene scene) throws IOException {
        Path audit = scene.site().data().resolve("audit");
        for (int round = 0; scene.more(round, LOST.size()); round++) {
            List<String> lost = LOST.get(round % LOST.size());
            Load load = scene.load(round, 1_000, 2_000);
            for (String copy : lost) {
                Files.move(audit.resolve(copy), audit.resolve(copy + "-away"));
            }
            scene.pause(3_000, 8_000);
            for (String copy : lost) {
                Files.move(audit.resolve(copy + "-away"), audit.resolve(copy));
            }
            scene.pause(1_000, 2_000);
            load.stop();
            scene.check("after " + lost + " was away");
            System.out.println("  " + lost + ": " + scene.figures());
        }
    }
}
