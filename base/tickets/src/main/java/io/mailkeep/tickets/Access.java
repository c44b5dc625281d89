package io.mailkeep.tickets;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * The decision that somebody may do something now; every public method that reaches data takes one.
 * Made by {@link TicketAuthority} only ({@code ATK-87}); can't be serialised, copied or widened.
 */
public final class Access {
    private final TenantId tenant;
    private final Optional<MailboxId> mailbox;
    private final Optional<AccountId> account;
    private final String module;
    private final Set<Operation> operations;
    private final UUID ticket;
    private final BooleanSupplier live;

    Access(
            TenantId tenant,
            Optional<MailboxId> mailbox,
            Optional<AccountId> account,
            String module,
            Set<Operation> operations,
            UUID ticket,
            BooleanSupplier live) {
        this.tenant = tenant;
        this.mailbox = mailbox;
        this.account = account;
        this.module = module;
        this.operations = Set.copyOf(operations);
        this.ticket = ticket;
        this.live = live;
    }

    /** The only tenant whose data may be touched. */
    public TenantId tenant() {
        return tenant;
    }

    /** The only mailbox whose data may be touched; empty for directory, key and audit work. */
    public Optional<MailboxId> mailbox() {
        return mailbox;
    }

    /** The mailbox, for calls that need one; {@link AccessDenied} if there is none. */
    public MailboxId requireMailbox() {
        return mailbox.orElseThrow(() -> new AccessDenied("access without a mailbox used on one"));
    }

    /** Who acts; empty when a module acts on its own. */
    public Optional<AccountId> account() {
        return account;
    }

    /** The module that acts. */
    public String module() {
        return module;
    }

    /** The ticket this decision rests on, for the audit log. */
    public UUID ticket() {
        return ticket;
    }

    /** Who acts, as the audit log names it: the account's id, or the module. */
    public String actor() {
        return account.map(AccountId::toString).orElse("module:" + module);
    }

    /**
     * Makes sure, at the place where data is touched, that this operation is allowed and not
     * revoked since.
     *
     * @throws AccessDenied if it isn't, {@link AccessEnded} if it no longer is
     */
    public void require(Operation operation) {
        if (!operations.contains(operation)) {
            throw new AccessDenied("operation " + operation + " isn't part of this access");
        }
        recheck();
    }

    /**
     * As {@link #require}, where one of two operations is enough.
     *
     * @throws AccessDenied if neither is allowed
     */
    public void requireEither(Operation one, Operation other) {
        requireOneOf(Set.of(one, other));
    }

    /**
     * As {@link #require}, where any one of several operations is enough.
     *
     * @throws AccessDenied if none is allowed
     */
    public void requireOneOf(Set<Operation> any) {
        if (any.stream().noneMatch(operations::contains)) {
            throw new AccessDenied("none of " + any + " is part of this access");
        }
        recheck();
    }

    /** Makes sure that the ticket wasn't revoked since: once a message in long reads. */
    public void recheck() {
        if (!live.getAsBoolean()) {
            throw new AccessEnded();
        }
    }
}
