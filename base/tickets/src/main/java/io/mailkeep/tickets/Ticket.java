package io.mailkeep.tickets;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.SessionId;
import io.mailkeep.kernel.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A right to use data, short-lived and signed ({@code DAT-3}). A ticket may be narrowed, never
 * widened.
 *
 * <p>All kinds carry an id, the operations allowed, the span of validity, the revocation epoch of
 * their {@linkplain #subject() subject}, and the digest of the channel they were issued on: used
 * elsewhere they are refused.
 */
public sealed interface Ticket {
    /** Unique; stands on the audit log. */
    UUID id();

    /** What it allows. */
    Set<Operation> operations();

    /** From when it holds. */
    Instant notBefore();

    /** Until when it holds, exclusive. */
    Instant expires();

    /** The revocation epoch of {@link #subject()} at issue; an older one is refused. */
    long epoch();

    /** Whose epoch revokes it: the account's or the module's id. */
    UUID subject();

    /** SHA-256 of the channel binding it was issued on, 32 bytes. */
    byte[] binding();

    /** A person's own mailbox. */
    record User(
            UUID id,
            TenantId tenant,
            AccountId account,
            MailboxId mailbox,
            SessionId session,
            int level,
            Instant authenticated,
            Set<Operation> operations,
            Instant notBefore,
            Instant expires,
            long epoch,
            byte[] binding)
            implements Ticket {
        public User {
            operations = Set.copyOf(operations);
        }

        @Override
        public UUID subject() {
            return account.value();
        }
    }

    /** A person in somebody else's mailbox, by that mailbox's access control list (RFC 4314). */
    record Delegate(
            UUID id,
            TenantId tenant,
            AccountId account,
            MailboxId mailbox,
            SessionId session,
            Set<Operation> operations,
            Instant notBefore,
            Instant expires,
            long epoch,
            byte[] binding)
            implements Ticket {
        public Delegate {
            operations = Set.copyOf(operations);
        }

        @Override
        public UUID subject() {
            return account.value();
        }
    }

    /** A module of the server, such as {@code smtp} or {@code imap}, on one node. */
    record Module(
            UUID id,
            String module,
            UUID node,
            Set<Operation> operations,
            Instant notBefore,
            Instant expires,
            long epoch,
            byte[] binding)
            implements Ticket {
        public Module {
            operations = Set.copyOf(operations);
        }

        @Override
        public UUID subject() {
            return UUID.nameUUIDFromBytes(
                    ("module:" + module).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
