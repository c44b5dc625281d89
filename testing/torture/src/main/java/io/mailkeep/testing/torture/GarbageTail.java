package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * After a SIGKILL under load the newest segment ends with zeros, with garbage, or with the first
 * part of an earlier record: it is cut at the last whole record, and what was acknowledged stays
 * (FLT-17).
 */
@Claim("FLT-17")
final class GarbageTail implements Row {
    private static final int ROUNDS = 6;
    private static final int TAIL_BYTES = 100_000;

    @Override
    public String id() {
        return "FLT-17";
    }

    @Override
    public String what() {
        return "zeros, garbage or a torn record behind the newest segment's last one";
    }

    @Override
    public void run(Scene scene) throws IOException {
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            Load load = scene.load(round, 1_000, 3_000);
            scene.site().kill();
            load.stop();
            Path segment = newest(scene.site().data().resolve("volumes/sensitive/segments"));
            Files.write(segment, tail(scene, segment, round % 3), StandardOpenOption.APPEND);
            scene.site().start();
            scene.check("after tail " + round);
            System.out.println("  tail " + round + ": " + scene.figures());
        }
    }

    private static byte[] tail(Scene scene, Path segment, int kind) throws IOException {
        int octets = 1 + scene.randomness().below(TAIL_BYTES);
        if (kind == 0) {
            return new byte[octets];
        }
        if (kind == 1) {
            return scene.randomness().bytes(octets);
        }
        byte[] all = Files.readAllBytes(segment);
        int from = scene.randomness().below(all.length);
        return java.util.Arrays.copyOfRange(all, from, Math.min(all.length, from + octets));
    }

    /** The segment that was written last. */
    static Path newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> segments =
                    files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
            return segments.getLast();
        }
    }
}
