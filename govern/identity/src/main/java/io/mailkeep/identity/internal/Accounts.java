package io.mailkeep.identity.internal;

import io.mailkeep.audit.Entry;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.NewLeaf;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.mailbox.Mailboxes;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * New accounts: each has a mailbox, an address and a password from the start. What may be done, the
 * door has checked.
 */
public final class Accounts {
    private final RoomDatabase database;
    private final ReadingKeys keys;
    private final Mailboxes mailboxes;
    private final Addresses addresses;
    private final Credentials credentials;
    private final Entries entries;
    private final Time time;
    private final Randomness randomness;

    public Accounts(
            RoomDatabase database,
            ReadingKeys keys,
            Mailboxes mailboxes,
            Addresses addresses,
            Credentials credentials,
            Entries entries,
            Time time,
            Randomness randomness) {
        this.database = database;
        this.keys = keys;
        this.mailboxes = mailboxes;
        this.addresses = addresses;
        this.credentials = credentials;
        this.entries = entries;
        this.time = time;
        this.randomness = randomness;
    }

    /**
     * @param generated the password, if it was generated: shown once, stored nowhere
     */
    public record Added(Lookup.Found found, Optional<Secret> generated) {}

    /**
     * Adds an account; without a password one is generated.
     *
     * <p>The mailbox is made first: after a crash in between it belongs to nobody and holds
     * nothing.
     */
    public Outcome<Added> add(
            Access access,
            TenantId tenant,
            EmailAddress address,
            String name,
            Optional<Secret> password) {
        return free(access, tenant, address)
                .then(mine ->
                        Names.display(name)
                                .then(shown ->
                                        credentials
                                                .proof(password)
                                                .then(proof ->
                                                        store(
                                                                access, tenant, mine, shown,
                                                                proof))));
    }

    /** Refused as {@link #add} would be now; does nothing, and hashes no password. */
    public Outcome<EmailAddress> check(
            Access access,
            TenantId tenant,
            EmailAddress address,
            String name,
            Optional<Secret> password) {
        return free(access, tenant, address)
                .then(mine ->
                        Names.display(name)
                                .then(_ ->
                                        password.map(Passwords::acceptable)
                                                .map(given -> given.map(_ -> mine))
                                                .orElse(Outcome.done(mine))));
    }

    private Outcome<EmailAddress> free(Access access, TenantId tenant, EmailAddress address) {
        return Names.accountAddress(address).then(mine -> addresses.free(access, tenant, mine));
    }

    private Outcome<Added> store(
            Access access,
            TenantId tenant,
            EmailAddress address,
            String name,
            Credentials.Proof proof) {
        AccountId account = new AccountId(randomness.uuid());
        MailboxId mailbox = mailboxes.create(access, tenant);
        Entry entry =
                entries.told(
                        EventType.ACCOUNT_ADDED,
                        access,
                        tenant,
                        account,
                        Map.of("mailbox", mailbox.toString()),
                        Map.of("address", address.text(), "name", name));
        return FreshLeaves.storing(() -> {
            NewLeaf leaf = keys.newRoutingLeaf(access, tenant, mailbox, LeafKind.PROFILE);
            byte[] sealed =
                    leaf.key()
                            .seal(proof.verifier().value(), SealedText.ofVerifier(tenant, account));
            var profile =
                    SealedText.seal(leaf, name, SealedText.ofProfile(tenant, account, mailbox));
            var added = addresses.made(access, tenant, account, mailbox, address, false);
            Instant now = time.instant();
            var row = new AccountRow(account, mailbox, profile, Optional.of(sealed), false, now);
            database.runInTenant(
                    tenant,
                    tx -> {
                        SealedText.put(tx, leaf);
                        AccountRows.insert(tx, tenant, row);
                        Addresses.put(tx, tenant, added);
                        tx.audit(entry);
                    });
            return new Added(
                    new Lookup.Found(tenant, row, name, address, List.of(), leaf.key()),
                    proof.generated());
        });
    }
}
