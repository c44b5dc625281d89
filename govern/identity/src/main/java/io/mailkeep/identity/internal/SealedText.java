package io.mailkeep.identity.internal;

import io.mailkeep.database.Tx;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.DomainId;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.NewLeaf;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A name or an address as it lies in the database, with the leaf of its key. The associated data
 * says whose and which it is, so that a cipher text moved to another row doesn't open.
 */
public record SealedText(LeafId leaf, byte[] bytes) {
    /** Of a company's name. */
    public static byte[] ofTenant(TenantId tenant) {
        return Framed.of("identity tenant name").and(tenant.value()).bytes();
    }

    /** Of a domain's name. */
    public static byte[] ofDomain(TenantId tenant, DomainId domain) {
        return Framed.of("identity domain name").and(tenant.value()).and(domain.value()).bytes();
    }

    /** Of a person's name; bound to the mailbox that the account reads. */
    public static byte[] ofProfile(TenantId tenant, AccountId account, MailboxId mailbox) {
        return Framed.of("identity profile")
                .and(tenant.value())
                .and(account.value())
                .and(mailbox.value())
                .bytes();
    }

    /** Of a password's verifier. */
    public static byte[] ofVerifier(TenantId tenant, AccountId account) {
        return Framed.of("identity verifier").and(tenant.value()).and(account.value()).bytes();
    }

    /** Of an address; bound to the hash it is found by. */
    public static byte[] ofAddress(TenantId tenant, AccountId account, byte[] hash) {
        return Framed.of("identity address")
                .and(tenant.value())
                .and(account.value())
                .and(hash)
                .bytes();
    }

    /** Seals a text under a fresh leaf. */
    public static SealedText seal(NewLeaf leaf, String text, byte[] place) {
        return new SealedText(
                leaf.leaf(), leaf.key().seal(text.getBytes(StandardCharsets.UTF_8), place));
    }

    /** Opens it. */
    public String open(DataKey key, byte[] place) {
        return new String(key.open(bytes, place), StandardCharsets.UTF_8);
    }

    /**
     * Stores a leaf in the transaction of the row that names it.
     *
     * @throws io.mailkeep.database.HolderRekeyed when the transaction has to be made anew
     */
    public static void put(Tx tx, NewLeaf leaf) {
        tx.sql()
                .sql("select tree.put_leaf(?, ?, ?::smallint, ?, ?, ?)")
                .param(leaf.tenant().value())
                .param(leaf.leaf().value())
                .param(leaf.kind().code())
                .param(leaf.holder().value())
                .param(leaf.holderKey().value())
                .param(leaf.wrap())
                .query((row, number) -> true)
                .list();
    }

    /** Takes a leaf out: what it encrypted is gone after the next epoch changes. */
    public static void drop(Tx tx, TenantId tenant, UUID leaf) {
        tx.sql()
                .sql("select tree.drop_leaf(?, ?)")
                .param(tenant.value())
                .param(leaf)
                .query((row, number) -> true)
                .list();
    }

    @Override
    public String toString() {
        return "[sensitive]";
    }
}
