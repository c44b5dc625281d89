package io.mailkeep.identity.internal;

import io.mailkeep.audit.Entry;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.DomainId;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.NewLeaf;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.tickets.Access;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Companies and their domains: each name belongs to one of them on the whole installation. What may
 * be done, the door has checked.
 */
public final class Companies {
    private final RoomDatabase database;
    private final ReadingKeys keys;
    private final Entries entries;
    private final Time time;
    private final Randomness randomness;

    public Companies(
            RoomDatabase database,
            ReadingKeys keys,
            Entries entries,
            Time time,
            Randomness randomness) {
        this.database = database;
        this.keys = keys;
        this.entries = entries;
        this.time = time;
        this.randomness = randomness;
    }

    /** A company with its names opened. */
    public record Opened(TenantId id, String name, String region, List<String> domains) {
        @Override
        public String toString() {
            return "company " + id;
        }
    }

    private record NewDomain(NewLeaf leaf, CompanyRows.Domain row, byte[] hash) {}

    /** Adds a company together with its first domain, or neither. */
    public Outcome<TenantId> add(Access access, String name, String region, String domain) {
        return Names.display(name)
                .then(shown ->
                        Names.domain(domain).then(host -> store(access, shown, region, host)));
    }

    /** Adds a domain. Refused: taken by any company (same answer whoever has it). */
    public Outcome<TenantId> addDomain(Access access, TenantId tenant, String domain) {
        if (database.reading(tenant, tx -> CompanyRows.company(tx, tenant)).isEmpty()) {
            return Refusals.noSuch("company");
        }
        return Names.domain(domain)
                .then(host ->
                        FreshLeaves.storing(() -> {
                            NewDomain added = newDomain(access, tenant, host);
                            Entry entry = domainAdded(access, tenant, added);
                            database.runInTenant(
                                    tenant,
                                    tx -> {
                                        put(tx, tenant, added);
                                        tx.audit(entry);
                                    });
                            return tenant;
                        }));
    }

    /** All companies that this access reaches, but those whose keys were destroyed. */
    public List<Opened> all(Access access) {
        return database.withoutTenant(CompanyRows::ids).stream()
                .filter(id -> Scope.covers(access, id))
                .flatMap(id -> open(access, id).stream())
                .toList();
    }

    private Outcome<TenantId> store(Access access, String name, String region, String host) {
        TenantId tenant = new TenantId(randomness.uuid());
        byte[] hash = keys.lookupHash(access, Names.tenantText(name));
        return FreshLeaves.storing(() -> {
            NewLeaf leaf = organisationLeaf(access, tenant);
            var company =
                    new CompanyRows.Company(
                            tenant,
                            region,
                            SealedText.seal(leaf, name, SealedText.ofTenant(tenant)));
            NewDomain domain = newDomain(access, tenant, host);
            List<Entry> told =
                    List.of(
                            entries.told(
                                    EventType.TENANT_ADDED,
                                    access,
                                    tenant,
                                    tenant.toString(),
                                    Map.of("region", region)),
                            domainAdded(access, tenant, domain));
            database.runInTenant(
                    tenant,
                    tx -> {
                        if (!CompanyRows.insert(tx, company, hash, time.instant())) {
                            throw new Clash(
                                    "There is a company of this name, perhaps in another spelling.");
                        }
                        SealedText.put(tx, leaf);
                        put(tx, tenant, domain);
                        tx.audit(told);
                    });
            return tenant;
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

    private void put(Tx tx, TenantId tenant, NewDomain added) {
        SealedText.put(tx, added.leaf());
        if (!CompanyRows.insert(tx, tenant, added.row(), added.hash(), time.instant())) {
            throw new Clash("The domain is in use on this installation.");
        }
    }

    private Entry domainAdded(Access access, TenantId tenant, NewDomain added) {
        return entries.told(
                EventType.DOMAIN_ADDED, access, tenant, added.row().id().toString(), Map.of());
    }

    private Optional<Opened> open(Access access, TenantId tenant) {
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
        return Optional.of(new Opened(tenant, name, company.region(), List.copyOf(domains)));
    }
}
