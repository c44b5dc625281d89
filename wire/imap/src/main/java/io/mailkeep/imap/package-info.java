/**
 * IMAP4rev1 and IMAP4rev2 (RFC 3501, RFC 9051) for mail clients.
 *
 * <p><b>Promise.</b> What CAPABILITY names is complete. Nobody signs in outside TLS; nothing sent
 * in plain is read inside TLS. Every command's data is reached by a decision of the ticket
 * authority for that command; a session ends within a second of its rights ending, idle or not.
 * Message numbers change for a client only where RFC 9051 7.5.1 lets them. Every line, literal,
 * list and wait has a limit in {@link io.mailkeep.imap.ImapLimits}; messages stream in both
 * directions.
 *
 * <p><b>Who may call it.</b> {@code node}, which hands {@link io.mailkeep.imap.ImapServer} to the
 * listeners of {@code net}.
 *
 * <p><b>What it may touch.</b> The sockets that {@code net} gives it, and what the rooms below give
 * for an {@code Access}; no file, no key, no database.
 *
 * <p><b>What it never does.</b> Parse or rebuild a stored message: sections are ranges of its
 * bytes. Hold a lock while it writes to a client. Log a name, an address, a folder or content.
 *
 * <p><b>The way of one FETCH.</b> {@code net}'s connection → {@code CommandReader} (line, literals,
 * limits) → {@code Session} (state, one place for every failure) → {@code command.Fetch} → {@code
 * Login} asks the ticket authority → {@code Mailbox.open} → {@code Sections} (byte ranges) → {@code
 * ResponseWriter}.
 */
@NullMarked
package io.mailkeep.imap;

import org.jspecify.annotations.NullMarked;
