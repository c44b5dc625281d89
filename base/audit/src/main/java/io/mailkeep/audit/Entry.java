package io.mailkeep.audit;

import java.time.Instant;
import java.util.UUID;

/**
 * An event ready for the outbox: its personal fields are sealed, its bytes are those the log will
 * hash.
 *
 * @param id unique; the sequencer drops a second entry with the same id
 * @param at when it was told
 * @param bytes the canonical JSON that becomes the leaf of the Merkle tree
 */
public record Entry(UUID id, Instant at, byte[] bytes) {}
