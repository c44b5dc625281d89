package io.mailkeep.audit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The hashes of a copy's complete subtrees, read from its tiles. */
public record TileHashes(LogFolder folder, long size) {
    /** The hash of the complete subtree number {@code index} of {@code 2^height} entries. */
    public byte[] subtree(int height, long index) {
        int level = height / 8;
        int span = 1 << (height % 8);
        long first = index * span;
        try {
            int from = (int) (first % TilePath.WIDTH);
            return Merkle.head(
                    folder.tile(level, first / TilePath.WIDTH, size).subList(from, from + span));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
