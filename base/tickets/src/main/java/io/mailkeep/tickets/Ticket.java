package io.mailkeep.tickets;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.SessionId;
import io.mailkeep.kernel.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

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

    /**
     * The same ticket with less: only the operations that it has <em>and</em> are kept, and no
     * later end. Whatever is asked for, nothing is gained ({@code ATK-84}); {@link
     * IllegalArgumentException} if nothing would be left of its span. To be signed by {@code keys}.
     */
    Ticket narrowed(UUID narrowedId, Set<Operation> keep, Instant until);

    private static Set<Operation> both(Set<Operation> held, Set<Operation> keep) {
        return held.stream().filter(keep::contains).collect(Collectors.toUnmodifiableSet());
    }

    private static Instant earlier(Instant notBefore, Instant expires, Instant until) {
        Instant end = until.isBefore(expires) ? until : expires;
        if (!notBefore.isBefore(end)) {
            throw new IllegalArgumentException("a ticket that ends before it begins");
        }
        return end;
    }

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

        @Override
        public User narrowed(UUID narrowedId, Set<Operation> keep, Instant until) {
            return new User(
                    narrowedId,
                    tenant,
                    account,
                    mailbox,
                    session,
                    level,
                    authenticated,
                    both(operations, keep),
                    notBefore,
                    earlier(notBefore, expires, until),
                    epoch,
                    binding);
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

        @Override
        public Delegate narrowed(UUID narrowedId, Set<Operation> keep, Instant until) {
            return new Delegate(
                    narrowedId,
                    tenant,
                    account,
                    mailbox,
                    session,
                    both(operations, keep),
                    notBefore,
                    earlier(notBefore, expires, until),
                    epoch,
                    binding);
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
        /** Of the few modules there are: each decision asks. */
        private static final Map<String, UUID> SUBJECTS = new ConcurrentHashMap<>();

        public Module {
            operations = Set.copyOf(operations);
        }

        @Override
        public UUID subject() {
            return subjectOf(module);
        }

        /** Whose epoch revokes the tickets of the module with this name. */
        public static UUID subjectOf(String module) {
            return SUBJECTS.computeIfAbsent(
                    module,
                    name ->
                            UUID.nameUUIDFromBytes(
                                    ("module:" + name).getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Module narrowed(UUID narrowedId, Set<Operation> keep, Instant until) {
            return new Module(
                    narrowedId,
                    module,
                    node,
                    both(operations, keep),
                    notBefore,
                    earlier(notBefore, expires, until),
                    epoch,
                    binding);
        }
    }
}
