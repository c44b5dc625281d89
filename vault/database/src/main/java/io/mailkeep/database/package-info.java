/**
 * PostgreSQL: started, migrated, walled and fenced; a pool and a role a room.
 *
 * <p><b>Promise.</b> A room sees its own schema and, in one transaction, one tenant's rows; a
 * commit that was answered is on disk; once {@link io.mailkeep.database.Database#open} has
 * returned, no earlier process can commit any more. What can't be done now is {@link
 * io.mailkeep.kernel.Unavailable}, and changed nothing, or says that its outcome is unknown.
 *
 * <p><b>Who may call it.</b> {@code node} opens it and hands each room its {@link
 * io.mailkeep.database.RoomDatabase} and nothing more. <b>What it touches.</b> The database, and
 * {@code DIR/postgres}. <b>What it never does.</b> Decide who may do what (tickets do), see a key
 * in clear, log a statement or a value.
 *
 * <p><b>The way of one delivery.</b> {@code mailbox} hands a group to {@link
 * io.mailkeep.database.DropboxCalls}; one call of {@code mailbox.deliver_group} as role {@code
 * mk_dropbox}, which may call that and nothing else; the function, running as {@code mk_group},
 * sees the group's tenants alone, checks the fence, locks mailboxes and pairs in order, stores
 * rows, leaves and audit entries, and answers where each copy is.
 *
 * <p><b>Walls.</b> Row-level security is forced on every table with tenants. It catches our own
 * mistakes; whoever owns a role may set that role's tenant. Functions that cross the wall are few,
 * narrow and listed in a test: three roles that can't sign in own them, each with the rights of its
 * functions. Migrations run as the owner: an update there compares its count.
 *
 * <p><b>Secrets.</b> {@code DIR/postgres/owner.secret} (0600): the superuser's password, random,
 * used at start. The rooms' passwords are made anew at every start and live in memory only; the
 * server is sent SCRAM verifiers. One cluster serves one installation.
 */
@NullMarked
package io.mailkeep.database;

import org.jspecify.annotations.NullMarked;
