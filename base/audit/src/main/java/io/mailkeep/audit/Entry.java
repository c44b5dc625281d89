package io.mailkeep.audit;

import java.time.Instant;
import java.util.UUID;

/**
 * An event ready for the outbox: its personal fields are sealed, its bytes are those the log will
 * hash.
 *
 * @param id unique; the sequencer drops a second entry with the same id
 * @param at when it was told
 * @param bytes the canonical JSON that becomes the leaf of the Merkle tree, at most {@link
 *     #SIZE_MAX_BYTES}
 */
public record Entry(UUID id, Instant at, byte[] bytes) {
    /** What a C2SP entry bundle can hold: a length of 16 bits. */
    public static final int SIZE_MAX_BYTES = 65_535;

    public Entry {
        if (bytes.length == 0 || bytes.length > SIZE_MAX_BYTES) {
            throw new IllegalArgumentException("an audit entry of " + bytes.length + " bytes");
        }
    }

    @Override
    public String toString() {
        return "entry " + id;
    }
}
