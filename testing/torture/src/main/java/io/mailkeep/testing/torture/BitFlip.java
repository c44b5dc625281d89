package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One bit of a segment flips while the node is stopped: wrong octets are never served, {@code
 * doctor --store} finds it, and once the bit is back everything holds (FLT-15).
 */
@Claim("FLT-15")
final class BitFlip implements Row {
    private static final int ROUNDS = 4;

    @Override
    public String id() {
        return "FLT-15";
    }

    @Override
    public String what() {
        return "a flipped bit in a segment";
    }

    @Override
    public void run(Scene scene) throws IOException {
        Load load = scene.load(0);
        scene.pause(3_000, 5_000);
        load.stop();
        scene.check("before the first flip");
        Site site = scene.site();
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            site.stop();
            Path segment = GarbageTail.newest(site.data().resolve("volumes/sensitive/segments"));
            int octet = scene.randomness().below((int) Files.size(segment));
            int bit = 1 << scene.randomness().below(8);
            flip(segment, octet, bit);
            site.start();
            String when = "octet " + octet + " of " + Files.size(segment);
            List<Finding> wrong = scene.checker().bodies();
            Ran doctor = site.cli("doctor", "--store");
            site.stop();
            flip(segment, octet, bit);
            site.start();
            if (!wrong.isEmpty()) {
                throw new Lost(when, wrong);
            }
            if (doctor.status() == 0) {
                throw new Lost(when, List.of(new Finding(id(), "doctor --store finds nothing")));
            }
            scene.check("the bit is back");
            System.out.println("  " + when + ": found");
        }
    }

    private static void flip(Path file, int octet, int bit) throws IOException {
        try (var channel =
                java.nio.channels.FileChannel.open(
                        file,
                        java.nio.file.StandardOpenOption.READ,
                        java.nio.file.StandardOpenOption.WRITE)) {
            java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
            channel.read(one, octet);
            one.put(0, (byte) (one.get(0) ^ bit)).rewind();
            channel.write(one, octet);
            channel.force(true);
        }
    }
}
