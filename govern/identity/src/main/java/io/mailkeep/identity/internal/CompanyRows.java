package io.mailkeep.identity.internal;

import io.mailkeep.audit.Event;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.DomainId;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements on regions, companies and their domains. */
public final class CompanyRows {
    private CompanyRows() {}

    /** A company as stored. */
    public record Company(TenantId id, String region, SealedText name) {}

    /** A domain as stored. */
    public record Domain(DomainId id, SealedText name) {}

    /** Which company has a domain, whoever asks. */
    public static Optional<TenantId> ofDomain(RoomDatabase database, byte[] hash) {
        return database.lookup(
                        Event.INSTALLATION,
                        "select identity.domain_tenant(?) as tenant",
                        (row, number) -> row.getObject("tenant", UUID.class),
                        hash)
                .map(TenantId::new);
    }

    /** The ids of all companies. */
    public static List<TenantId> ids(Tx tx) {
        return tx.sql()
                .sql("select t as tenant from identity.tenants() t")
                .query((row, number) -> new TenantId(row.getObject("tenant", UUID.class)))
                .list();
    }

    /** One company. */
    public static Optional<Company> company(Tx tx, TenantId tenant) {
        return tx.sql()
                .sql("select region_id, name_leaf, name from identity.tenant where tenant_id = ?")
                .param(tenant.value())
                .query((row, number) ->
                        new Company(
                                tenant,
                                row.getString("region_id"),
                                new SealedText(
                                        new LeafId(row.getObject("name_leaf", UUID.class)),
                                        row.getBytes("name"))))
                .optional();
    }

    /** Its domains. */
    public static List<Domain> domains(Tx tx, TenantId tenant) {
        return tx.sql()
                .sql(
                        """
                        select domain_id, name_leaf, name from identity.domain
                        where tenant_id = ?
                        order by created_at, domain_id
                        """)
                .param(tenant.value())
                .query((row, number) ->
                        new Domain(
                                new DomainId(row.getObject("domain_id", UUID.class)),
                                new SealedText(
                                        new LeafId(row.getObject("name_leaf", UUID.class)),
                                        row.getBytes("name"))))
                .list();
    }

    /** Adds a company; false, and nothing happened, if one has this name. */
    public static boolean insert(Tx tx, Company company, byte[] nameHash, Instant created) {
        tx.sql()
                .sql("insert into identity.region (region_id) values (?) on conflict do nothing")
                .param(company.region())
                .update();
        return tx.sql()
                        .sql(
                                """
                                insert into identity.tenant (tenant_id, region_id, name_hash, name_leaf, name,
                                    created_at)
                                values (?, ?, ?, ?, ?, ?)
                                on conflict do nothing
                                """)
                        .param(company.id().value())
                        .param(company.region())
                        .param(nameHash)
                        .param(company.name().leaf().value())
                        .param(company.name().bytes())
                        .param(AccountRows.at(created))
                        .update()
                == 1;
    }

    /** Adds a domain; false, and nothing happened, if any company has it. */
    public static boolean insert(
            Tx tx, TenantId tenant, Domain domain, byte[] nameHash, Instant created) {
        return tx.sql()
                        .sql(
                                """
                                insert into identity.domain (tenant_id, domain_id, name_hash, name_leaf, name,
                                    created_at)
                                values (?, ?, ?, ?, ?, ?)
                                on conflict do nothing
                                """)
                        .param(tenant.value())
                        .param(domain.id().value())
                        .param(nameHash)
                        .param(domain.name().leaf().value())
                        .param(domain.name().bytes())
                        .param(AccountRows.at(created))
                        .update()
                == 1;
    }
}
