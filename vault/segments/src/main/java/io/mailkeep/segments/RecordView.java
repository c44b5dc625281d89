package io.mailkeep.segments;

import java.time.Instant;
import java.util.List;

/**
 * A stored record without its body: enough to find orphans and to rebuild rows.
 *
 * @param stored where it lies and whose it is
 * @param written when it was appended
 * @param header the opaque entries it was written with, one a recipient
 * @param intact whether the whole record, body included, is as it was written
 * @param dead whether a sweep has found that no row refers to it
 */
public record RecordView(
        StoredBlob stored, Instant written, List<byte[]> header, boolean intact, boolean dead) {
    /** Where it begins. */
    public Place place() {
        return new Place(stored.segment(), stored.position());
    }
}
