package io.mailkeep.identity.internal;

import io.mailkeep.audit.Entry;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.NewLeaf;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses of accounts: each belongs to one account of its company, in any spelling. What may
 * be done, the door has checked.
 */
public final class Addresses {
    private static final String TAKEN =
            "The address belongs to an account already, perhaps in another spelling.";

    private final RoomDatabase database;
    private final ReadingKeys keys;
    private final Lookup lookup;
    private final Entries entries;

    public Addresses(RoomDatabase database, ReadingKeys keys, Lookup lookup, Entries entries) {
        this.database = database;
        this.keys = keys;
        this.lookup = lookup;
        this.entries = entries;
    }

    /** An address with the leaf that its text lies under; not stored yet. */
    record NewAddress(NewLeaf leaf, AddressRow row) {}

    /** Adds an alias in a domain of the same company; the account that has it now. */
    public Outcome<AccountId> addAlias(Access access, Lookup.Found found, EmailAddress alias) {
        TenantId tenant = found.tenant();
        if (!lookup.reached(access, alias).equals(Optional.of(tenant))) {
            return Refusals.noSuch("domain of this company");
        }
        return Names.accountAddress(alias).then(mine -> storeAlias(access, found, mine));
    }

    /** Removes an alias with the key of its text; the account that had it. */
    public Outcome<AccountId> removeAlias(Access access, Lookup.Found found, EmailAddress alias) {
        TenantId tenant = found.tenant();
        AccountId account = found.row().id();
        if (!lookup.reached(access, alias).equals(Optional.of(tenant))) {
            return Refusals.noSuch("alias");
        }
        byte[] hash = lookup.hash(access, tenant, alias);
        Entry entry = changed(access, tenant, account, "alias removed", alias);
        boolean removed =
                database.inTenant(
                        tenant,
                        tx -> {
                            var leaf = AccountRows.removeAlias(tx, tenant, account, hash);
                            leaf.ifPresent(id -> {
                                SealedText.drop(tx, tenant, id);
                                tx.audit(entry);
                            });
                            return leaf.isPresent();
                        });
        return removed ? Outcome.done(account) : Refusals.noSuch("alias");
    }

    /** The address itself if no account of the company has it; decided for good by {@link #put}. */
    Outcome<EmailAddress> free(Access access, TenantId tenant, EmailAddress address) {
        return lookup.account(access, tenant, address).isPresent()
                ? Outcome.failed(new Clash(TAKEN).problem())
                : Outcome.done(address);
    }

    /** An address under a fresh leaf of the mailbox. */
    NewAddress made(
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

    /** Stores it in the transaction of its account; {@link Clash} if somebody has it. */
    static void put(Tx tx, TenantId tenant, NewAddress added) {
        SealedText.put(tx, added.leaf());
        if (!AccountRows.insert(tx, tenant, added.row())) {
            throw new Clash(TAKEN);
        }
    }

    private Outcome<AccountId> storeAlias(Access access, Lookup.Found found, EmailAddress mine) {
        TenantId tenant = found.tenant();
        AccountRow account = found.row();
        return FreshLeaves.storing(() -> {
            NewAddress added = made(access, tenant, account.id(), account.mailbox(), mine, true);
            Entry entry = changed(access, tenant, account.id(), "alias added", mine);
            database.runInTenant(
                    tenant,
                    tx -> {
                        put(tx, tenant, added);
                        tx.audit(entry);
                    });
            return account.id();
        });
    }

    private Entry changed(
            Access access, TenantId tenant, AccountId account, String change, EmailAddress alias) {
        return entries.told(
                EventType.ACCOUNT_CHANGED,
                access,
                tenant,
                account,
                Map.of("change", change),
                Map.of("alias", alias.text()));
    }
}
