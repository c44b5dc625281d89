/**
 * The audit log: what was told stays told, and anyone with the files and a public key can check it
 * ({@code DAT-6}).
 *
 * <p>Called by: every room ({@link io.mailkeep.audit.Trail}), the mail intake ({@link
 * io.mailkeep.audit.AuditLog#backlogGate}), administration (LogReader, LogVerifier). Touches its
 * two audit folders; the outbox, the keys of people and the remembered checkpoint are ports. Never
 * deletes or changes an entry, never signs a checkpoint that contradicts an earlier one, never says
 * <em>published</em> before a device holds the bytes and a signed checkpoint over them.
 *
 * <p>The way of one entry: {@code Trail.prepare} seals its personal fields and fixes its bytes →
 * the caller's transaction puts it into the outbox (<em>durable</em>) → the sequencer takes it,
 * drops it if it is there already, appends it to the tiles of both devices, signs the checkpoint,
 * remembers that on the key device (<em>published</em>) → the outbox row goes.
 *
 * <p>Formats are C2SP tlog-tiles, tlog-checkpoint and signed-note with the hashing of RFC 9162 2.1.
 */
@NullMarked
package io.mailkeep.audit;

import org.jspecify.annotations.NullMarked;
