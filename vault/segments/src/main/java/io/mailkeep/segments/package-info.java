/**
 * The barrier: clear bytes above, cipher text below. What {@link
 * io.mailkeep.segments.SegmentStore#append} has returned is durable on the volume of its class, and
 * is read back exactly as it was or refused.
 *
 * <p><b>Who calls it:</b> {@code mailbox} (bodies) and {@code transport}, {@code smtp}, {@code
 * imap} (the spool); {@code node} makes and opens the volumes. <b>May touch:</b> its volumes and
 * the spool folder; no network, no database, no key but the {@link io.mailkeep.keys.DataKey}s it is
 * handed. <b>Never</b> syncs a file again after an error, changes a record, cuts a valid record,
 * writes to a folder whose identity file isn't the right one, or keeps a key.
 *
 * <p><b>The way of a body in:</b> {@code Spool.writer} (memory, then a nameless sealed file) →
 * {@code append} checks the access and sorts the group by class → the volume's own thread seals it
 * chunk by chunk into the segment in use → one sync for the group → {@code StoredBlob}. On an error
 * the segment is given up and the group goes to a new one, once; then the caller gets {@code
 * Unavailable}. <b>Out:</b> {@code read} checks the access, finds the record's head and holds it
 * against the row → {@code range} opens only the chunks that are asked for.
 *
 * <p><b>On disk</b>, a volume: {@code mailkeep-volume} (identity) and {@code segments/}: {@code
 * NUMBER-ID.seg} (records), {@code .end} (how much of it counts; one without was in use when the
 * process died, and is read through at the next start) and {@code .dead} (records without a row). A
 * segment is written by one life of the process only.
 *
 * <p><b>Known limits:</b> a segment goes when all in it is dead; living records aren't moved
 * together yet. Bytes are bound to their place, not to a time: that a whole volume is an old copy
 * shows only against the rows.
 */
@NullMarked
package io.mailkeep.segments;

import org.jspecify.annotations.NullMarked;
