/**
 * Mailboxes: folders, UIDs, MODSEQs, flags, and the change feed.
 *
 * <p><strong>Promise.</strong> What {@code Dropbox} answered as done is durable: bytes synced,
 * rows, key leaves and audit entries committed together; given twice under one delivery id it is
 * there once. UIDs and UIDVALIDITYs never change or return, MODSEQs grow in the order of commits
 * (RFC 9051 2.3.1, RFC 7162 3). Folder names, keywords, outlines and trace headers are cipher text
 * in the database, each under a key of its own ({@code DAT-4}).
 *
 * <p><strong>Who calls it.</strong> {@code transport} and {@code imap} put in through {@code
 * Dropbox}, which can't read ({@code ACC-3}); {@code imap} reads and changes through {@code
 * Mailbox}; {@code node} wires it, runs {@code Sweep} after the writer fence was raised, and {@code
 * StoreDoctor} when asked. Every method takes or holds an {@code Access} and asks it again.
 *
 * <p><strong>May touch.</strong> The schema {@code mailbox} as the role {@code mk_mailbox}, one
 * function as {@code mk_dropbox}, class volumes through {@code segments}, keys through {@code keys}
 * as opaque {@code DataKey}s. <strong>Never</strong> a file, a socket, a raw key, another tenant's
 * row.
 *
 * <p><strong>The way of one message.</strong> {@code Dropbox.deliver} seals it to each recipient's
 * public key on the caller's thread; the committer appends the bodies of all that arrived together
 * with one sync, then stores all rows in one call; the feed wakes whoever watches the folders;
 * {@code Mailbox.open} tells the audit log, opens the copies' keys in batches, and hands out
 * streams that decrypt as they are read.
 */
@NullMarked
package io.mailkeep.mailbox;

import org.jspecify.annotations.NullMarked;
