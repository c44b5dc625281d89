package io.mailkeep.identity.internal;

import io.mailkeep.database.RoomDatabase;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds companies, accounts and addresses, and opens what they are called. */
public final class Lookup {
    private final RoomDatabase database;
    private final ReadingKeys keys;

    public Lookup(RoomDatabase database, ReadingKeys keys) {
        this.database = database;
        this.keys = keys;
    }

    /** An account with its company's id and its names opened. */
    public record Found(
            TenantId tenant,
            AccountRow row,
            String name,
            EmailAddress address,
            List<EmailAddress> aliases,
            DataKey profile) {
        /** Every address it has. */
        public Set<EmailAddress> addresses() {
            Set<EmailAddress> all = new HashSet<>(aliases);
            all.add(address);
            return Set.copyOf(all);
        }

        @Override
        public String toString() {
            return "account " + row.id();
        }
    }

    /** The company that a domain belongs to. */
    public Optional<TenantId> tenant(Access access, String domain) {
        byte[] hash = keys.lookupHash(access, Names.domainText(domain));
        return CompanyRows.ofDomain(database, hash);
    }

    /** The company of an address' domain, unless this access doesn't reach it. */
    public Optional<TenantId> reached(Access access, EmailAddress address) {
        return tenant(access, address.domain()).filter(id -> Scope.covers(access, id));
    }

    /** The account within reach that an address belongs to. */
    public Optional<Found> find(Access access, EmailAddress address) {
        return reached(access, address)
                .flatMap(tenant ->
                        account(access, tenant, address)
                                .flatMap(account -> open(access, tenant, account)));
    }

    /** The hash by which an address is found in a company. */
    public byte[] hash(Access access, TenantId tenant, EmailAddress address) {
        return keys.lookupHash(access, Names.addressText(tenant, address));
    }

    /** The account of a company that an address belongs to. */
    public Optional<AccountRow> account(Access access, TenantId tenant, EmailAddress address) {
        byte[] hash = hash(access, tenant, address);
        return AccountRows.byAddress(database, tenant, hash);
    }

    /** Its names; empty if their keys were destroyed, as when a person was forgotten. */
    public Optional<Found> open(Access access, TenantId tenant, AccountRow account) {
        List<AddressRow> addresses =
                database.reading(tenant, tx -> AccountRows.addresses(tx, tenant, account.id()));
        return open(access, tenant, List.of(account), addresses).stream().findFirst();
    }

    /** All accounts of a company. */
    public List<Found> accounts(Access access, TenantId tenant) {
        record Rows(List<AccountRow> accounts, List<AddressRow> addresses) {}
        Rows rows =
                database.reading(
                        tenant,
                        tx ->
                                new Rows(
                                        AccountRows.all(tx, tenant),
                                        AccountRows.addresses(tx, tenant)));
        return open(access, tenant, rows.accounts(), rows.addresses());
    }

    private List<Found> open(
            Access access, TenantId tenant, List<AccountRow> accounts, List<AddressRow> addresses) {
        Set<LeafId> leaves = new HashSet<>();
        accounts.forEach(row -> leaves.add(row.profile().leaf()));
        addresses.forEach(row -> leaves.add(row.address().leaf()));
        Map<LeafId, DataKey> opened = keys.leaves(access, tenant, leaves);
        Map<AccountId, List<AddressRow>> byAccount =
                addresses.stream().collect(Collectors.groupingBy(AddressRow::account));
        List<Found> found = new ArrayList<>();
        for (AccountRow account : accounts) {
            List<AddressRow> own = byAccount.getOrDefault(account.id(), List.of());
            open(tenant, account, own, opened).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Found> open(
            TenantId tenant,
            AccountRow account,
            List<AddressRow> addresses,
            Map<LeafId, DataKey> opened) {
        @Nullable EmailAddress main = null;
        List<EmailAddress> aliases = new ArrayList<>();
        for (AddressRow row : addresses) {
            DataKey key = opened.get(row.address().leaf());
            if (key == null) {
                continue;
            }
            String text =
                    row.address().open(key, SealedText.ofAddress(tenant, account.id(), row.hash()));
            EmailAddress address =
                    EmailAddress.parse(text)
                            .orElseThrow(
                                    () -> new IllegalStateException("a stored address isn't one"));
            if (row.alias()) {
                aliases.add(address);
            } else {
                main = address;
            }
        }
        DataKey profile = opened.get(account.profile().leaf());
        if (profile == null || main == null) {
            return Optional.empty();
        }
        byte[] place = SealedText.ofProfile(tenant, account.id(), account.mailbox());
        String name = account.profile().open(profile, place);
        aliases.sort(Comparator.comparing(EmailAddress::text));
        return Optional.of(new Found(tenant, account, name, main, List.copyOf(aliases), profile));
    }
}
