package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.util.List;

/**
 * The keys are sealed for a while under load: nobody reads, health says so, nothing is lost, and
 * once they are unsealed all goes on without a start (FLT-39).
 */
@Claim("FLT-39")
final class SealedKeys implements Row {
    private static final int ROUNDS = 3;

    @Override
    public String id() {
        return "FLT-39";
    }

    @Override
    public String what() {
        return "the keys are sealed under load, and unsealed";
    }

    @Override
    public void run(Scene scene) throws IOException {
        Site site = scene.site();
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            Load load = scene.load(round, 1_000, 3_000);
            site.cli("keys", "seal");
            boolean read = scene.checker().readable();
            scene.pause(1_000, 4_000);
            Ran unsealed = site.cli("keys", "unseal");
            scene.pause(1_000, 2_000);
            load.stop();
            if (read || unsealed.status() != 0) {
                String what =
                        read ? "mail is read while the keys are sealed" : unsealed.out().strip();
                throw new Lost("round " + round, List.of(new Finding(id(), what)));
            }
            scene.check("unsealed");
            System.out.println("  seal " + round + ": " + scene.figures());
        }
    }
}
