/**
 * Who is who: regions, companies, domains, accounts, addresses, and signing in.
 *
 * <p>Promise: names and addresses are ciphertext in the database and found by keyed hash (the
 * domain's over the whole installation, an address' within its company); one spelling, one row
 * ({@code ATK-90}). Whoever signs in learns whether they may, and nothing else ({@code ATK-68}).
 * Every change commits together with its key leaves and its audit entry, or not at all.
 *
 * <p>May be called by protocols ({@link io.mailkeep.identity.SignIn}, RESOLVE) and by {@code api}
 * (DIRECTORY). Touches nothing of its own: rows through {@code database}, keys through {@code
 * keys}, mailboxes through {@code mailbox}. Never keeps a password, never compares one itself,
 * never logs a name or an address.
 *
 * <p>The way of a sign-in: the protocol hands name and password over → throttle (shared by all
 * protocols) → domain to company, address to account, verifier opened → {@code keys} runs Argon2id
 * once, whatever was found, and signs the ticket → the attempt stands in the audit outbox → answer.
 */
@NullMarked
package io.mailkeep.identity;

import org.jspecify.annotations.NullMarked;
