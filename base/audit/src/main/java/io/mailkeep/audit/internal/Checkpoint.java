package io.mailkeep.audit.internal;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** The text of a checkpoint (C2SP tlog-checkpoint): origin, tree size, root hash. */
public record Checkpoint(String origin, long size, byte[] root) {
    /** Three lines, each with its newline. */
    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    /** The checkpoint with this text; empty for any other text. Extension lines aren't used. */
    public static Optional<Checkpoint> parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 4 || lines[0].isEmpty() || !lines[3].isEmpty()) {
            return Optional.empty();
        }
        try {
            long size = Long.parseLong(lines[1]);
            Checkpoint checkpoint =
                    new Checkpoint(lines[0], size, Base64.getDecoder().decode(lines[2]));
            boolean canonical = size >= 0 && checkpoint.root.length == Merkle.HASH_BYTES;
            return canonical && checkpoint.text().equals(text)
                    ? Optional.of(checkpoint)
                    : Optional.empty();
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    /** Whether both speak of the same tree. */
    public boolean sameAs(long otherSize, byte[] otherRoot) {
        return size == otherSize && Arrays.equals(root, otherRoot);
    }
}
