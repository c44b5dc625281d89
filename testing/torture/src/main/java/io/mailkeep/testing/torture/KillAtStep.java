package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * SIGKILL of the node at the k-th write, sync or rename that a thread of it does for one delivery,
 * APPEND, MOVE, COPY or expunge, for a rotation or a destruction (FLT-02, FLT-03).
 */
@Claim({"FLT-02", "FLT-03"})
final class KillAtStep implements Row {
    private static final int ROUNDS = 12;
    private static final int STEPS = 4;
    private static final List<String> CALLS =
            List.of("write", "pwrite64", "fdatasync", "fsync", "rename");
    private static final List<String> ACTS =
            List.of("DELIVER", "APPEND", "MOVE", "COPY", "EXPUNGE", "rotation", "destruction");
    private static final Duration DEAD = Duration.ofSeconds(2);

    @Override
    public String id() {
        return "FLT-02";
    }

    @Override
    public String what() {
        return "SIGKILL at the k-th write, sync or rename of one act (needs strace)";
    }

    @Override
    public void run(Scene scene) throws IOException {
        Load load = scene.load(0);
        scene.pause(3_000, 4_000);
        load.stop();
        scene.check("before the first kill");
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            String act = ACTS.get(scene.randomness().below(ACTS.size()));
            String call = CALLS.get(scene.randomness().below(CALLS.size()));
            int step = 1 + scene.randomness().below(STEPS);
            scene.checker().see();
            String injection = call + ":signal=KILL:when=" + step;
            try (Strace _ = Strace.attach(scene.site().pid(), scene.folder(), injection)) {
                act(scene, act, round);
            }
            boolean killed = scene.site().ends(DEAD);
            if (killed) {
                scene.site().start();
            }
            String when = "round " + round + ": " + call + " " + step + " of " + act;
            System.out.println("  " + when + (killed ? ", killed" : ", not reached"));
            scene.check(when);
        }
    }

    private static void act(Scene scene, String act, int round) throws IOException {
        String account = Cast.DEMO.person();
        switch (act) {
            case "DELIVER" -> tried(scene.mail(round));
            case "rotation" -> scene.site().cli("keys", "rotate", "account", account);
            case "destruction" -> scene.site().cli("keys", "destroy", "--now");
            default -> {
                try (MailboxWorker worker = scene.owner(account, round)) {
                    worker.once(Verb.valueOf(act));
                } catch (IOException cut) {
                    // the ledger knows
                }
            }
        }
    }

    private static void tried(Worker worker) throws IOException {
        try (worker) {
            worker.once();
        } catch (IOException cut) {
            // the ledger knows
        }
    }
}
