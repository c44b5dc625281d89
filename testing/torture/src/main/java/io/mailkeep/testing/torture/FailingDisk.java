package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.util.List;

/**
 * Syncs, writes and reads of the node fail, are short or take two seconds for a while under load;
 * afterwards it is well again without a start (FLT-10, FLT-12, FLT-18).
 */
@Claim({"FLT-10", "FLT-12", "FLT-18"})
final class FailingDisk implements Row {
    /** What happens, from the k-th call of each thread on. */
    private static final List<String> FAULTS =
            List.of(
                    "fdatasync,fsync:error=EIO:when=%d",
                    "fdatasync,fsync:error=EIO:when=%d+3",
                    "pwrite64:error=EIO:when=%d",
                    "pwrite64:error=EIO:when=%d+5",
                    "pwrite64:retval=0:when=%d+2",
                    "pwrite64:error=EINTR:when=%d+2",
                    "pwrite64:error=EAGAIN:when=%d",
                    "pwrite64:error=ENOSPC:when=%d+4",
                    "fdatasync,fsync:delay_exit=2000000:when=%d+1");

    private static final int STEPS = 6;

    @Override
    public String id() {
        return "FLT-10";
    }

    @Override
    public String what() {
        return "syncs and writes that fail, are short or slow (also FLT-12, FLT-18; needs strace)";
    }

    @Override
    public void run(Scene scene) throws IOException {
        for (int round = 0; scene.more(round, FAULTS.size()); round++) {
            String fault =
                    FAULTS.get(round % FAULTS.size())
                            .formatted(1 + scene.randomness().below(STEPS));
            Load load = scene.load(round, 500, 1_500);
            try (Strace _ = Strace.attach(scene.site().pid(), scene.folder(), fault)) {
                scene.pause(3_000, 6_000);
            }
            scene.pause(500, 2_000);
            load.stop();
            if (!scene.site().isAlive()) {
                throw new Lost(fault, List.of(new Finding(id(), "the node ended by itself")));
            }
            scene.check(fault);
            System.out.println("  " + fault + ": " + scene.figures());
        }
    }
}
