package io.mailkeep.identity;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.database.HolderRekeyed;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.database.Tx;
import io.mailkeep.identity.internal.AccountRow;
import io.mailkeep.identity.internal.AccountRows;
import io.mailkeep.identity.internal.AddressRow;
import io.mailkeep.identity.internal.Clash;
import io.mailkeep.identity.internal.CompanyRows;
import io.mailkeep.identity.internal.Lookup;
import io.mailkeep.identity.internal.Names;
import io.mailkeep.identity.internal.Passwords;
import io.mailkeep.identity.internal.Scope;
import io.mailkeep.identity.internal.SealedText;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Classified;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.DomainId;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.NewLeaf;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.keys.TicketIssuer;
import io.mailkeep.mailbox.Mailboxes;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tenants, domains, accounts and aliases. Names and addresses are ciphertext in the database, found
 * by keyed hash. A change commits with its keys and its audit entry, or not at all; when the answer
 * to a commit is lost, asking again tells (a name is then taken).
 *
 * <p>Throws {@link Unavailable} while the keys are sealed or the database is away.
 */
@Claim({"ACC-1", "ATK-90", "ATK-91"})
public final class Directory {
    private static final int REKEYED_TRIES = 10;
    private static final String RIGHTS = "lrswipkxtea";

    private final RoomDatabase database;
    private final ReadingKeys keys;
    private final TicketIssuer issuer;
    private final Mailboxes mailboxes;
    private final Epochs epochs;
    private final Trail trail;
    private final Time time;
    private final Randomness randomness;
    private final Lookup lookup;

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
        this.database = database;
        this.keys = keys;
        this.issuer = issuer;
        this.mailboxes = mailboxes;
        this.epochs = epochs;
        this.trail = trail;
        this.time = time;
        this.randomness = randomness;
        this.lookup = new Lookup(database, keys);
    }

    /**
     * What an address is to us; needs RESOLVE. Plus-addressing: the part after {@code +} is
     * ignored.
     */
    public Resolution resolve(Access access, EmailAddress address) {
        access.require(Operation.RESOLVE);
        Optional<TenantId> tenant =
                lookup.tenant(access, address.domain()).filter(id -> Scope.covers(access, id));
        if (tenant.isEmpty()) {
            return new Resolution.Outside();
        }
        return lookup.account(access, tenant.get(), address)
                .filter(account -> !account.disabled())
                .flatMap(account -> recipient(access, tenant.get(), account))
                .<Resolution>map(Resolution.Local::new)
                .orElseGet(Resolution.NoSuchRecipient::new);
    }

    /** Adds a company with its first domain, in a region; needs DIRECTORY, as do all below. */
    public Outcome<TenantId> addTenant(Access access, String name, String region, String domain) {
        Scope.requireInstallation(access, Operation.DIRECTORY);
        if (!region.matches("[a-z0-9][a-z0-9-]{0,31}")) {
            return malformed(
                    "A region is named by lower case letters, digits and dashes, such as eu-1.");
        }
        return Names.display(name)
                .then(shown ->
                        Names.domain(domain)
                                .then(host -> storeTenant(access, shown, region, host)));
    }

    /** Adds a domain. Refused: taken by any tenant (same answer whoever has it). */
    public Outcome<TenantId> addDomain(Access access, TenantId tenant, String domain) {
        Scope.require(access, Operation.DIRECTORY, tenant);
        if (database.reading(tenant, tx -> CompanyRows.company(tx, tenant)).isEmpty()) {
            return noSuch("company");
        }
        return Names.domain(domain)
                .then(host ->
                        storing(() -> {
                            NewDomain added = newDomain(access, tenant, host);
                            Entry entry =
                                    told(
                                            EventType.DOMAIN_ADDED,
                                            access,
                                            tenant,
                                            added.row().id().toString(),
                                            Map.of());
                            database.runInTenant(
                                    tenant,
                                    tx -> {
                                        put(tx, tenant, added);
                                        tx.audit(entry);
                                    });
                            return tenant;
                        }));
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
        Optional<TenantId> tenant = tenantOf(access, address);
        if (tenant.isEmpty()) {
            return noSuch("domain");
        }
        return Names.accountAddress(address)
                .then(mine -> {
                    if (lookup.account(access, tenant.get(), mine).isPresent()) {
                        return Outcome.<NewAccount>failed(new Clash(ADDRESS_TAKEN).problem());
                    }
                    return Names.display(name)
                            .then(shown ->
                                    verifier(password)
                                            .then(proof ->
                                                    storeAccount(
                                                            access,
                                                            tenant.get(),
                                                            mine,
                                                            shown,
                                                            proof)));
                });
    }

    /** All companies with their domains that this access reaches. */
    public List<TenantInfo> tenants(Access access) {
        access.require(Operation.DIRECTORY);
        trail.record(event(EventType.DIRECTORY_READ, access, access.tenant(), "companies"));
        return database.withoutTenant(CompanyRows::ids).stream()
                .filter(id -> Scope.covers(access, id))
                .flatMap(id -> tenant(access, id).stream())
                .toList();
    }

    /** The accounts of a company. */
    public List<AccountInfo> accounts(Access access, TenantId tenant) {
        Scope.require(access, Operation.DIRECTORY, tenant);
        trail.record(event(EventType.DIRECTORY_READ, access, tenant, "accounts"));
        return lookup.accounts(access, tenant).stream().map(Directory::info).toList();
    }

    /** One account by any of its addresses. */
    public Optional<AccountInfo> account(Access access, EmailAddress address) {
        access.require(Operation.DIRECTORY);
        Optional<Lookup.Found> found = find(access, address);
        found.ifPresent(it ->
                trail.record(
                        event(
                                EventType.DIRECTORY_READ,
                                access,
                                it.tenant(),
                                it.row().id().toString())));
        return found.map(Directory::info);
    }

    /** Sets or (without one) generates a password; ends all sessions of the account. */
    public Outcome<NewAccount> setPassword(
            Access access, EmailAddress address, Optional<Secret> password) {
        return changing(
                access,
                address,
                found ->
                        verifier(password)
                                .then(proof -> {
                                    TenantId tenant = found.tenant();
                                    AccountId account = found.row().id();
                                    byte[] sealed =
                                            found.profile()
                                                    .seal(
                                                            proof.verifier().value(),
                                                            SealedText.ofVerifier(tenant, account));
                                    Entry entry =
                                            told(
                                                    EventType.PASSWORD_CHANGED,
                                                    access,
                                                    tenant,
                                                    account.toString(),
                                                    Map.of());
                                    endingSessions(
                                            account,
                                            () ->
                                                    database.runInTenant(
                                                            tenant,
                                                            tx -> {
                                                                AccountRows.setVerifier(
                                                                        tx, tenant, account,
                                                                        sealed);
                                                                tx.audit(entry);
                                                            }));
                                    return find(access, address)
                                            .map(now ->
                                                    Outcome.done(
                                                            new NewAccount(
                                                                    info(now), proof.generated())))
                                            .orElseGet(() -> noSuch("account"));
                                }));
    }

    /** Disables or enables an account; disabling ends all its sessions within a second. */
    public Outcome<AccountInfo> setDisabled(Access access, EmailAddress address, boolean disabled) {
        return changing(
                access,
                address,
                found -> {
                    TenantId tenant = found.tenant();
                    AccountId account = found.row().id();
                    Entry entry =
                            told(
                                    EventType.ACCOUNT_CHANGED,
                                    access,
                                    tenant,
                                    account.toString(),
                                    Map.of("change", disabled ? "disabled" : "enabled"));
                    Runnable change =
                            () ->
                                    database.runInTenant(
                                            tenant,
                                            tx -> {
                                                AccountRows.setDisabled(
                                                        tx, tenant, account, disabled);
                                                tx.audit(entry);
                                            });
                    if (disabled) {
                        endingSessions(account, change);
                    } else {
                        change.run();
                    }
                    return again(access, address);
                });
    }

    /** Adds an alias in a domain of the same company. */
    public Outcome<AccountInfo> addAlias(Access access, EmailAddress address, EmailAddress alias) {
        return changing(
                access,
                address,
                found -> {
                    TenantId tenant = found.tenant();
                    if (!tenantOf(access, alias).equals(Optional.of(tenant))) {
                        return noSuch("domain of this company");
                    }
                    return Names.accountAddress(alias)
                            .then(mine ->
                                    storing(() -> {
                                        AccountRow account = found.row();
                                        NewAddress added =
                                                newAddress(
                                                        access,
                                                        tenant,
                                                        account.id(),
                                                        account.mailbox(),
                                                        mine,
                                                        true);
                                        Entry entry =
                                                told(
                                                        EventType.ACCOUNT_CHANGED,
                                                        access,
                                                        tenant,
                                                        account.id(),
                                                        Map.of("change", "alias added"),
                                                        Map.of("alias", mine.text()));
                                        database.runInTenant(
                                                tenant,
                                                tx -> {
                                                    put(tx, tenant, added);
                                                    tx.audit(entry);
                                                });
                                        return mine;
                                    }))
                            .then(_ -> again(access, address));
                });
    }

    /** Removes an alias. */
    public Outcome<AccountInfo> removeAlias(
            Access access, EmailAddress address, EmailAddress alias) {
        return changing(
                access,
                address,
                found -> {
                    TenantId tenant = found.tenant();
                    AccountId account = found.row().id();
                    if (!tenantOf(access, alias).equals(Optional.of(tenant))) {
                        return noSuch("alias");
                    }
                    byte[] hash = lookup.hash(access, tenant, alias);
                    Entry entry =
                            told(
                                    EventType.ACCOUNT_CHANGED,
                                    access,
                                    tenant,
                                    account,
                                    Map.of("change", "alias removed"),
                                    Map.of("alias", alias.text()));
                    boolean removed =
                            database.inTenant(
                                    tenant,
                                    tx -> {
                                        var leaf =
                                                AccountRows.removeAlias(tx, tenant, account, hash);
                                        leaf.ifPresent(id -> {
                                            SealedText.drop(tx, tenant, id);
                                            tx.audit(entry);
                                        });
                                        return leaf.isPresent();
                                    });
                    return removed ? again(access, address) : noSuch("alias");
                });
    }

    /**
     * Gives somebody rights in another's mailbox (RFC 4314 2.1: letters of {@code lrswipkxtea};
     * none takes them all); what is open under the old rights ends.
     */
    public Outcome<AccountInfo> setRights(
            Access access, EmailAddress owner, EmailAddress delegate, String rights) {
        if (!rights.chars().allMatch(c -> RIGHTS.indexOf(c) >= 0)) {
            return malformed("Rights are letters of " + RIGHTS + " (RFC 4314).");
        }
        return changing(
                access,
                owner,
                found ->
                        changing(
                                access,
                                delegate,
                                other -> {
                                    TenantId tenant = found.tenant();
                                    if (!other.tenant().equals(tenant)
                                            || other.row().id().equals(found.row().id())) {
                                        return malformed(
                                                "Rights are given to another account of the same company.");
                                    }
                                    AccountId account = other.row().id();
                                    Entry entry =
                                            told(
                                                    EventType.ACCOUNT_CHANGED,
                                                    access,
                                                    tenant,
                                                    found.row().id().toString(),
                                                    Map.of(
                                                            "change",
                                                            "rights",
                                                            "account",
                                                            account.toString(),
                                                            "rights",
                                                            rights));
                                    endingSessions(
                                            account,
                                            () ->
                                                    database.runInTenant(
                                                            tenant,
                                                            tx -> {
                                                                AccountRows.setRights(
                                                                        tx,
                                                                        tenant,
                                                                        found.row().mailbox(),
                                                                        account,
                                                                        rights);
                                                                tx.audit(entry);
                                                            }));
                                    return again(access, owner);
                                }));
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

    private static final String ADDRESS_TAKEN =
            "The address belongs to an account already, perhaps in another spelling.";

    private record Proof(Classified<byte[]> verifier, Optional<Secret> generated) {}

    private record NewDomain(NewLeaf leaf, CompanyRows.Domain row, byte[] hash) {}

    private record NewAddress(NewLeaf leaf, AddressRow row) {}

    private Outcome<TenantId> storeTenant(Access access, String name, String region, String host) {
        TenantId tenant = new TenantId(randomness.uuid());
        byte[] hash = keys.lookupHash(access, Names.tenantText(name));
        return storing(() -> {
            NewLeaf leaf = organisationLeaf(access, tenant);
            var company =
                    new CompanyRows.Company(
                            tenant,
                            region,
                            SealedText.seal(leaf, name, SealedText.ofTenant(tenant)));
            NewDomain domain = newDomain(access, tenant, host);
            List<Entry> entries =
                    List.of(
                            told(
                                    EventType.TENANT_ADDED,
                                    access,
                                    tenant,
                                    tenant.toString(),
                                    Map.of("region", region)),
                            told(
                                    EventType.DOMAIN_ADDED,
                                    access,
                                    tenant,
                                    domain.row().id().toString(),
                                    Map.of()));
            database.runInTenant(
                    tenant,
                    tx -> {
                        if (!CompanyRows.insert(tx, company, hash, time.instant())) {
                            throw new Clash(
                                    "There is a company of this name, perhaps in another spelling.");
                        }
                        SealedText.put(tx, leaf);
                        put(tx, tenant, domain);
                        tx.audit(entries);
                    });
            return tenant;
        });
    }

    private Outcome<NewAccount> storeAccount(
            Access access, TenantId tenant, EmailAddress address, String name, Proof proof) {
        AccountId account = new AccountId(randomness.uuid());
        MailboxId mailbox = mailboxes.create(access, tenant);
        Entry entry =
                told(
                        EventType.ACCOUNT_ADDED,
                        access,
                        tenant,
                        account,
                        Map.of("mailbox", mailbox.toString()),
                        Map.of("address", address.text(), "name", name));
        return storing(() -> {
            NewLeaf leaf = keys.newRoutingLeaf(access, tenant, mailbox, LeafKind.PROFILE);
            byte[] sealed =
                    leaf.key()
                            .seal(proof.verifier().value(), SealedText.ofVerifier(tenant, account));
            var profile = SealedText.seal(leaf, name, SealedText.ofProfile(tenant, account));
            NewAddress added = newAddress(access, tenant, account, mailbox, address, false);
            Instant now = time.instant();
            database.runInTenant(
                    tenant,
                    tx -> {
                        SealedText.put(tx, leaf);
                        AccountRows.insert(
                                tx,
                                tenant,
                                new AccountRow(
                                        account,
                                        mailbox,
                                        profile,
                                        Optional.of(sealed),
                                        false,
                                        now));
                        put(tx, tenant, added);
                        tx.audit(entry);
                    });
            return new NewAccount(
                    new AccountInfo(account, tenant, address, name, List.of(), false, true, now),
                    proof.generated());
        });
    }

    private NewDomain newDomain(Access access, TenantId tenant, String host) {
        NewLeaf leaf = organisationLeaf(access, tenant);
        DomainId id = new DomainId(randomness.uuid());
        var row =
                new CompanyRows.Domain(
                        id, SealedText.seal(leaf, host, SealedText.ofDomain(tenant, id)));
        return new NewDomain(leaf, row, keys.lookupHash(access, Names.domainText(host)));
    }

    private NewLeaf organisationLeaf(Access access, TenantId tenant) {
        return keys.newClassLeaf(access, tenant, DataClass.SENSITIVE, LeafKind.ORGANISATION);
    }

    private NewAddress newAddress(
            Access access,
            TenantId tenant,
            AccountId account,
            MailboxId mailbox,
            EmailAddress address,
            boolean alias) {
        NewLeaf leaf = keys.newRoutingLeaf(access, tenant, mailbox, LeafKind.ADDRESS);
        byte[] hash = lookup.hash(access, tenant, address);
        var text =
                SealedText.seal(leaf, address.text(), SealedText.ofAddress(tenant, account, hash));
        return new NewAddress(leaf, new AddressRow(account, hash, text, alias));
    }

    private void put(Tx tx, TenantId tenant, NewDomain added) {
        SealedText.put(tx, added.leaf());
        if (!CompanyRows.insert(tx, tenant, added.row(), added.hash(), time.instant())) {
            throw new Clash("The domain is in use on this installation.");
        }
    }

    private static void put(Tx tx, TenantId tenant, NewAddress added) {
        SealedText.put(tx, added.leaf());
        if (!AccountRows.insert(tx, tenant, added.row())) {
            throw new Clash(ADDRESS_TAKEN);
        }
    }

    /** Runs it again with fresh leaves while a re-keying comes in between (KEYTREE, MK001). */
    private static <T> Outcome<T> storing(Supplier<T> transaction) {
        for (int i = 1; ; i++) {
            try {
                return Outcome.done(transaction.get());
            } catch (Clash taken) {
                return Outcome.failed(taken.problem());
            } catch (HolderRekeyed again) {
                if (i == REKEYED_TRIES) {
                    throw new Unavailable(
                            Problem.temporary(
                                    "Keys are being renewed; try again.", "re-keyed too often"),
                            again);
                }
            }
        }
    }

    /**
     * Sessions end before (nothing new under the old state is missed by a crash) and after (nobody
     * slipped in meanwhile).
     */
    private void endingSessions(AccountId account, Runnable change) {
        epochs.revoke(account.value());
        change.run();
        epochs.revoke(account.value());
    }

    private <T> Outcome<T> changing(
            Access access, EmailAddress address, Function<Lookup.Found, Outcome<T>> change) {
        access.require(Operation.DIRECTORY);
        return find(access, address).map(change).orElseGet(() -> noSuch("account"));
    }

    private Outcome<AccountInfo> again(Access access, EmailAddress address) {
        return find(access, address)
                .map(found -> Outcome.done(info(found)))
                .orElseGet(() -> noSuch("account"));
    }

    private Optional<TenantId> tenantOf(Access access, EmailAddress address) {
        return lookup.tenant(access, address.domain()).filter(id -> Scope.covers(access, id));
    }

    private Optional<Lookup.Found> find(Access access, EmailAddress address) {
        return tenantOf(access, address)
                .flatMap(tenant ->
                        lookup.account(access, tenant, address)
                                .flatMap(account -> lookup.open(access, tenant, account)));
    }

    private Optional<Recipient> recipient(Access access, TenantId tenant, AccountRow account) {
        return mailboxes
                .standing(access, tenant, account.mailbox())
                .map(standing -> new Recipient(tenant, account.id(), account.mailbox(), standing));
    }

    private Optional<TenantInfo> tenant(Access access, TenantId tenant) {
        record Rows(Optional<CompanyRows.Company> company, List<CompanyRows.Domain> domains) {}
        Rows rows =
                database.reading(
                        tenant,
                        tx ->
                                new Rows(
                                        CompanyRows.company(tx, tenant),
                                        CompanyRows.domains(tx, tenant)));
        if (rows.company().isEmpty()) {
            return Optional.empty();
        }
        var company = rows.company().get();
        Set<LeafId> leaves = new HashSet<>(Set.of(company.name().leaf()));
        rows.domains().forEach(domain -> leaves.add(domain.name().leaf()));
        Map<LeafId, DataKey> opened = keys.leaves(access, tenant, leaves);
        DataKey own = opened.get(company.name().leaf());
        if (own == null) {
            return Optional.empty();
        }
        List<String> domains = new ArrayList<>();
        for (var domain : rows.domains()) {
            DataKey key = opened.get(domain.name().leaf());
            if (key != null) {
                domains.add(domain.name().open(key, SealedText.ofDomain(tenant, domain.id())));
            }
        }
        String name = company.name().open(own, SealedText.ofTenant(tenant));
        return Optional.of(new TenantInfo(tenant, name, company.region(), List.copyOf(domains)));
    }

    private Outcome<Proof> verifier(Optional<Secret> password) {
        Optional<Secret> generated =
                password.isPresent()
                        ? Optional.empty()
                        : Optional.of(Passwords.generated(randomness));
        return password.or(() -> generated)
                .map(Passwords::acceptable)
                .orElseThrow()
                .then(issuer::hash)
                .map(hash -> new Proof(hash, generated));
    }

    private Entry told(
            EventType type,
            Access access,
            TenantId tenant,
            String object,
            Map<String, String> facts) {
        return trail.prepare(Event.granted(type, tenant, access.actor(), object, facts));
    }

    private Entry told(
            EventType type,
            Access access,
            TenantId tenant,
            AccountId account,
            Map<String, String> facts,
            Map<String, String> personal) {
        SubjectId subject = new SubjectId(account.value());
        List<Event.Personal> fields = new ArrayList<>();
        personal.forEach((field, value) -> fields.add(new Event.Personal(subject, field, value)));
        return trail.prepare(
                new Event(
                        type,
                        tenant,
                        access.actor(),
                        Event.Decision.GRANTED,
                        account.toString(),
                        facts,
                        fields));
    }

    private static Event event(EventType type, Access access, TenantId tenant, String object) {
        return Event.granted(type, tenant, access.actor(), object, Map.of());
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

    private static <T> Outcome<T> noSuch(String what) {
        return Outcome.failed(
                Problem.denied("There is no such " + what + " here.", "identity.NONE"));
    }

    private static <T> Outcome<T> malformed(String text) {
        return Outcome.failed(Problem.malformed(550, "5.1.3", text));
    }
}
