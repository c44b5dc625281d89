package io.mailkeep.identity;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import java.util.List;
import java.util.Optional;

/**
 * Tenants, domains, accounts and aliases. Names and addresses are ciphertext in the database, found
 * by keyed hash.
 *
 * <p>Throws {@link io.mailkeep.kernel.Unavailable} while the keys are sealed or the database is
 * away.
 */
public interface Directory {
    /**
     * What an address is to us; needs RESOLVE. Plus-addressing: the part after {@code +} is
     * ignored.
     */
    Resolution resolve(Access access, EmailAddress address);

    /** Adds a company with its first domain, in a region; needs DIRECTORY, as do all below. */
    Outcome<TenantId> addTenant(Access access, String name, String region, String domain);

    /** Adds a domain. Refused: taken by any tenant (same answer whoever has it). */
    Outcome<TenantId> addDomain(Access access, TenantId tenant, String domain);

    /** Adds an account with its mailbox; without a password one is generated. */
    Outcome<NewAccount> addAccount(
            Access access, EmailAddress address, String name, Optional<Secret> password);

    /** All companies with their domains. */
    List<TenantInfo> tenants(Access access);

    /** The accounts of a company. */
    List<AccountInfo> accounts(Access access, TenantId tenant);

    /** One account by any of its addresses. */
    Optional<AccountInfo> account(Access access, EmailAddress address);

    /** Sets or (without one) generates a password; ends all sessions of the account. */
    Outcome<NewAccount> setPassword(Access access, EmailAddress address, Optional<Secret> password);

    /** Disables or enables an account; disabling ends all its sessions within a second. */
    Outcome<AccountInfo> setDisabled(Access access, EmailAddress address, boolean disabled);

    /** Adds an alias in a domain of the same company. */
    Outcome<AccountInfo> addAlias(Access access, EmailAddress address, EmailAddress alias);

    /** Removes an alias. */
    Outcome<AccountInfo> removeAlias(Access access, EmailAddress address, EmailAddress alias);

    /**
     * @param generated the password, if it was generated: shown once, stored nowhere
     */
    record NewAccount(AccountInfo account, Optional<Secret> generated) {}

    /** A company. */
    record TenantInfo(TenantId id, String name, String region, List<String> domains) {}

    /** An account. */
    record AccountInfo(
            AccountId id,
            TenantId tenant,
            EmailAddress address,
            String name,
            List<EmailAddress> aliases,
            boolean disabled,
            boolean hasPassword,
            java.time.Instant created) {}
}
