package io.mailkeep.identity.internal;

import io.mailkeep.audit.Entry;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Classified;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.TicketIssuer;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Epochs;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What lets an account in: its password, whether it is enabled, its rights in others' mailboxes.
 * Whatever takes something away ends the sessions that had it. What may be done, the door has
 * checked.
 */
public final class Credentials {
    private final RoomDatabase database;
    private final TicketIssuer issuer;
    private final Epochs epochs;
    private final Entries entries;
    private final Randomness randomness;

    public Credentials(
            RoomDatabase database,
            TicketIssuer issuer,
            Epochs epochs,
            Entries entries,
            Randomness randomness) {
        this.database = database;
        this.issuer = issuer;
        this.epochs = epochs;
        this.entries = entries;
        this.randomness = randomness;
    }

    /** What a password is checked against, and the password if it was generated. */
    record Proof(Classified<byte[]> verifier, Optional<Secret> generated) {}

    /** Sets or (without one) generates a password, which is returned then; ends all sessions. */
    public Outcome<Optional<Secret>> setPassword(
            Access access, Lookup.Found found, Optional<Secret> password) {
        return proof(password)
                .map(proof -> {
                    TenantId tenant = found.tenant();
                    AccountId account = found.row().id();
                    byte[] sealed =
                            found.profile()
                                    .seal(
                                            proof.verifier().value(),
                                            SealedText.ofVerifier(tenant, account));
                    Entry entry =
                            entries.told(
                                    EventType.PASSWORD_CHANGED,
                                    access,
                                    tenant,
                                    account.toString(),
                                    Map.of());
                    endingSessions(
                            account,
                            () ->
                                    store(
                                            tenant,
                                            entry,
                                            tx ->
                                                    AccountRows.setVerifier(
                                                            tx, tenant, account, sealed)));
                    return proof.generated();
                });
    }

    /** Disables or enables; disabling ends all sessions. The account. */
    public Outcome<AccountId> setDisabled(Access access, Lookup.Found found, boolean disabled) {
        TenantId tenant = found.tenant();
        AccountId account = found.row().id();
        Entry entry =
                entries.told(
                        EventType.ACCOUNT_CHANGED,
                        access,
                        tenant,
                        account.toString(),
                        Map.of("change", disabled ? "disabled" : "enabled"));
        Runnable change =
                () ->
                        store(
                                tenant,
                                entry,
                                tx -> AccountRows.setDisabled(tx, tenant, account, disabled));
        if (disabled) {
            endingSessions(account, change);
        } else {
            change.run();
        }
        return Outcome.done(account);
    }

    /** Sets the rights of another account of the same company; ends its sessions. The owner. */
    public Outcome<AccountId> setRights(
            Access access, Lookup.Found owner, Lookup.Found delegate, String rights) {
        TenantId tenant = owner.tenant();
        AccountId account = delegate.row().id();
        if (!delegate.tenant().equals(tenant) || account.equals(owner.row().id())) {
            return Refusals.malformed("Rights are given to another account of the same company.");
        }
        Entry entry =
                entries.told(
                        EventType.ACCOUNT_CHANGED,
                        access,
                        tenant,
                        owner.row().id().toString(),
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
                        store(
                                tenant,
                                entry,
                                tx ->
                                        AccountRows.setRights(
                                                tx,
                                                tenant,
                                                owner.row().mailbox(),
                                                account,
                                                rights)));
        return Outcome.done(owner.row().id());
    }

    /** The verifier of an acceptable password; without a password, of a generated one. */
    Outcome<Proof> proof(Optional<Secret> password) {
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

    private void store(TenantId tenant, Entry entry, Consumer<Tx> change) {
        database.runInTenant(
                tenant,
                tx -> {
                    change.accept(tx);
                    tx.audit(entry);
                });
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
}
