package io.mailkeep.identity;

import io.mailkeep.audit.Trail;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.identity.internal.AccountRow;
import io.mailkeep.identity.internal.Accounts;
import io.mailkeep.identity.internal.Addresses;
import io.mailkeep.identity.internal.Companies;
import io.mailkeep.identity.internal.Credentials;
import io.mailkeep.identity.internal.Entries;
import io.mailkeep.identity.internal.Lookup;
import io.mailkeep.identity.internal.Passwords;
import io.mailkeep.identity.internal.Recipients;
import io.mailkeep.identity.internal.Refusals;
import io.mailkeep.identity.internal.Scope;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.keys.TicketIssuer;
import io.mailkeep.mailbox.Mailboxes;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tenants, domains, accounts and aliases. Names and addresses are ciphertext in the database, found
 * by keyed hash. A change commits with its keys and its audit entry, or not at all; when the answer
 * to a commit is lost, asking again tells (a name is then taken).
 *
 * <p>Throws {@link Unavailable} while the keys are sealed or the database is away.
 */
@Claim({"ACC-1", "ATK-90", "ATK-91"})
public final class Directory {
    private static final String RIGHTS = "lrswipkxtea";

    private final Entries entries;
    private final Lookup lookup;
    private final Recipients recipients;
    private final Companies companies;
    private final Addresses addresses;
    private final Credentials credentials;
    private final Accounts accounts;

    /** {@code database}: the identity room's own. */
    public Directory(
            RoomDatabase database,
            ReadingKeys keys,
            TicketIssuer issuer,
            Mailboxes mailboxes,
            Epochs epochs,
            Trail trail,
            Time time,
            Randomness randomness) {
        this.entries = new Entries(trail);
        this.lookup = new Lookup(database, keys);
        this.recipients = new Recipients(database, keys);
        this.companies = new Companies(database, keys, entries, time, randomness);
        this.addresses = new Addresses(database, keys, lookup, entries);
        this.credentials = new Credentials(database, issuer, epochs, entries, randomness);
        this.accounts =
                new Accounts(
                        database,
                        keys,
                        mailboxes,
                        addresses,
                        credentials,
                        entries,
                        time,
                        randomness);
    }

    /**
     * What an address is to us; needs RESOLVE. Plus-addressing: the part after {@code +} is
     * ignored.
     */
    public Resolution resolve(Access access, EmailAddress address) {
        access.require(Operation.RESOLVE);
        return recipients.find(access, address);
    }

    /** Adds a company with its first domain, in a region; needs DIRECTORY, as do all below. */
    public Outcome<TenantId> addTenant(Access access, String name, String region, String domain) {
        Scope.requireInstallation(access, Operation.DIRECTORY);
        if (!region.matches("[a-z0-9][a-z0-9-]{0,31}")) {
            return Refusals.malformed(
                    "A region is named by lower case letters, digits and dashes, such as eu-1.");
        }
        return companies.add(access, name, region, domain);
    }

    /** Adds a domain. Refused: taken by any tenant (same answer whoever has it). */
    public Outcome<TenantId> addDomain(Access access, TenantId tenant, String domain) {
        Scope.require(access, Operation.DIRECTORY, tenant);
        return companies.addDomain(access, tenant, domain);
    }

    /**
     * Adds an account with its mailbox; without a password one is generated.
     *
     * <p>The mailbox is made first: after a crash in between it belongs to nobody and holds
     * nothing, which harms nothing; {@code doctor} finds it.
     */
    public Outcome<NewAccount> addAccount(
            Access access, EmailAddress address, String name, Optional<Secret> password) {
        access.require(Operation.DIRECTORY);
        return lookup.reached(access, address)
                .map(tenant -> accounts.add(access, tenant, address, name, password))
                .orElseGet(() -> Refusals.noSuch("domain"))
                .map(added -> new NewAccount(info(added.found()), added.generated()));
    }

    /**
     * What {@link #addAccount} would come to now, without doing it: empty if the account could be
     * made, or the account whose own address (not alias) this is in any spelling. Refused as adding
     * would be, the password by the same rules.
     */
    public Outcome<Optional<AccountInfo>> checkAccount(
            Access access, EmailAddress address, String name, Optional<Secret> password) {
        access.require(Operation.DIRECTORY);
        Optional<Lookup.Found> there =
                lookup.find(access, address)
                        .filter(it -> it.address().lookupForm().equals(address.lookupForm()));
        if (there.isPresent() && address.detail().isEmpty()) {
            AccountInfo account = info(there.get());
            entries.read(access, account.tenant(), account.id().toString());
            return Outcome.done(Optional.of(account));
        }
        return lookup.reached(access, address)
                .map(tenant -> accounts.check(access, tenant, address, name, password))
                .orElseGet(() -> Refusals.noSuch("domain"))
                .map(_ -> Optional.empty());
    }

    /** A password as {@link #addAccount} generates it, for who must keep it before it is used. */
    public static Secret freshPassword(Randomness randomness) {
        return Passwords.generated(randomness);
    }

    /** All companies with their domains that this access reaches. */
    public List<TenantInfo> tenants(Access access) {
        access.require(Operation.DIRECTORY);
        entries.read(access, access.tenant(), "companies");
        return companies.all(access).stream()
                .map(it -> new TenantInfo(it.id(), it.name(), it.region(), it.domains()))
                .toList();
    }

    /** The accounts of a company. */
    public List<AccountInfo> accounts(Access access, TenantId tenant) {
        Scope.require(access, Operation.DIRECTORY, tenant);
        entries.read(access, tenant, "accounts");
        return lookup.accounts(access, tenant).stream().map(Directory::info).toList();
    }

    /** One account by any of its addresses. */
    public Optional<AccountInfo> account(Access access, EmailAddress address) {
        access.require(Operation.DIRECTORY);
        Optional<Lookup.Found> found = lookup.find(access, address);
        found.ifPresent(it -> entries.read(access, it.tenant(), it.row().id().toString()));
        return found.map(Directory::info);
    }

    /** Sets or (without one) generates a password; ends all sessions of the account. */
    public Outcome<NewAccount> setPassword(
            Access access, EmailAddress address, Optional<Secret> password) {
        return found(access, address)
                .then(found -> credentials.setPassword(access, found, password))
                .then(generated ->
                        found(access, address).map(now -> new NewAccount(info(now), generated)));
    }

    /** Disables or enables an account; disabling ends all its sessions within a second. */
    public Outcome<AccountInfo> setDisabled(Access access, EmailAddress address, boolean disabled) {
        return changing(access, address, found -> credentials.setDisabled(access, found, disabled));
    }

    /** Adds an alias in a domain of the same company. */
    public Outcome<AccountInfo> addAlias(Access access, EmailAddress address, EmailAddress alias) {
        return changing(access, address, found -> addresses.addAlias(access, found, alias));
    }

    /** Removes an alias. */
    public Outcome<AccountInfo> removeAlias(
            Access access, EmailAddress address, EmailAddress alias) {
        return changing(access, address, found -> addresses.removeAlias(access, found, alias));
    }

    /**
     * Gives somebody rights in another's mailbox (RFC 4314 2.1: letters of {@code lrswipkxtea};
     * none takes them all); what is open under the old rights ends.
     */
    public Outcome<AccountInfo> setRights(
            Access access, EmailAddress owner, EmailAddress delegate, String rights) {
        if (!rights.chars().allMatch(c -> RIGHTS.indexOf(c) >= 0)) {
            return Refusals.malformed("Rights are letters of " + RIGHTS + " (RFC 4314).");
        }
        return changing(
                access,
                owner,
                found ->
                        found(access, delegate)
                                .then(other ->
                                        credentials.setRights(access, found, other, rights)));
    }

    /**
     * @param generated the password, if it was generated: shown once, stored nowhere
     */
    public record NewAccount(AccountInfo account, Optional<Secret> generated) {}

    /** A company. */
    public record TenantInfo(TenantId id, String name, String region, List<String> domains) {
        @Override
        public String toString() {
            return "company " + id;
        }
    }

    /** An account. */
    public record AccountInfo(
            AccountId id,
            TenantId tenant,
            EmailAddress address,
            String name,
            List<EmailAddress> aliases,
            boolean disabled,
            boolean hasPassword,
            Instant created) {
        @Override
        public String toString() {
            return "account " + id;
        }
    }

    private Outcome<AccountInfo> changing(
            Access access,
            EmailAddress address,
            Function<Lookup.Found, Outcome<AccountId>> change) {
        return found(access, address)
                .then(change)
                .then(_ -> found(access, address))
                .map(Directory::info);
    }

    private Outcome<Lookup.Found> found(Access access, EmailAddress address) {
        access.require(Operation.DIRECTORY);
        return lookup.find(access, address)
                .map(Outcome::done)
                .orElseGet(() -> Refusals.noSuch("account"));
    }

    private static AccountInfo info(Lookup.Found found) {
        AccountRow row = found.row();
        return new AccountInfo(
                row.id(),
                found.tenant(),
                found.address(),
                found.name(),
                found.aliases(),
                row.disabled(),
                row.verifier().isPresent(),
                row.created());
    }
}
