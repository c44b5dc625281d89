package io.mailkeep.identity.internal;

import io.mailkeep.database.RoomDatabase;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements on accounts and their addresses, within a transaction of their company. */
public final class AccountRows {
    private AccountRows() {}

    /** The account that has an address. */
    public static Optional<AccountRow> byAddress(
            RoomDatabase database, TenantId tenant, byte[] hash) {
        return database.lookup(
                tenant,
                """
                select a.account_id, a.mailbox_id, a.profile_leaf, a.profile, a.verifier, a.disabled,
                    a.created_at
                from identity.address d
                join identity.account a on a.tenant_id = d.tenant_id and a.account_id = d.account_id
                where d.tenant_id = ? and d.address_hash = ?
                """,
                (row, number) -> account(row),
                tenant.value(),
                hash);
    }

    /** An account by its id. */
    public static Optional<AccountRow> byId(Tx tx, TenantId tenant, AccountId account) {
        return tx.sql()
                .sql(
                        """
                        select account_id, mailbox_id, profile_leaf, profile, verifier, disabled, created_at
                        from identity.account
                        where tenant_id = ? and account_id = ?
                        """)
                .param(tenant.value())
                .param(account.value())
                .query((row, number) -> account(row))
                .optional();
    }

    /** Every account of a company. */
    public static List<AccountRow> all(Tx tx, TenantId tenant) {
        return tx.sql()
                .sql(
                        """
                        select account_id, mailbox_id, profile_leaf, profile, verifier, disabled, created_at
                        from identity.account
                        where tenant_id = ?
                        order by created_at, account_id
                        """)
                .param(tenant.value())
                .query((row, number) -> account(row))
                .list();
    }

    /** Every address of a company. */
    public static List<AddressRow> addresses(Tx tx, TenantId tenant) {
        return tx.sql()
                .sql(
                        """
                        select account_id, address_hash, leaf_id, address, alias
                        from identity.address
                        where tenant_id = ?
                        """)
                .param(tenant.value())
                .query((row, number) -> address(row))
                .list();
    }

    /** Every address of one account. */
    public static List<AddressRow> addresses(Tx tx, TenantId tenant, AccountId account) {
        return tx.sql()
                .sql(
                        """
                        select account_id, address_hash, leaf_id, address, alias
                        from identity.address
                        where tenant_id = ? and account_id = ?
                        """)
                .param(tenant.value())
                .param(account.value())
                .query((row, number) -> address(row))
                .list();
    }

    /** Adds an account. */
    public static void insert(Tx tx, TenantId tenant, AccountRow account) {
        tx.sql()
                .sql(
                        """
                        insert into identity.account (tenant_id, account_id, mailbox_id, profile_leaf, profile,
                            verifier, disabled, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .param(tenant.value())
                .param(account.id().value())
                .param(account.mailbox().value())
                .param(account.profile().leaf().value())
                .param(account.profile().bytes())
                .param(account.verifier().orElse(null))
                .param(account.disabled())
                .param(at(account.created()))
                .update();
    }

    /** Adds an address; false, and nothing happened, if somebody has it. */
    public static boolean insert(Tx tx, TenantId tenant, AddressRow address) {
        return tx.sql()
                        .sql(
                                """
                                insert into identity.address (tenant_id, address_hash, account_id, leaf_id, address,
                                    alias)
                                values (?, ?, ?, ?, ?, ?)
                                on conflict do nothing
                                """)
                        .param(tenant.value())
                        .param(address.hash())
                        .param(address.account().value())
                        .param(address.address().leaf().value())
                        .param(address.address().bytes())
                        .param(address.alias())
                        .update()
                == 1;
    }

    /** Removes an alias of an account; the leaf that its text lay under. */
    public static Optional<UUID> removeAlias(
            Tx tx, TenantId tenant, AccountId account, byte[] hash) {
        return tx.sql()
                .sql(
                        """
                        delete from identity.address
                        where tenant_id = ? and account_id = ? and address_hash = ? and alias
                        returning leaf_id
                        """)
                .param(tenant.value())
                .param(account.value())
                .param(hash)
                .query(UUID.class)
                .optional();
    }

    /** Sets the sealed verifier. */
    public static void setVerifier(Tx tx, TenantId tenant, AccountId account, byte[] verifier) {
        tx.sql()
                .sql(
                        "update identity.account set verifier = ? where tenant_id = ? and account_id = ?")
                .param(verifier)
                .param(tenant.value())
                .param(account.value())
                .update();
    }

    /** Disables or enables. */
    public static void setDisabled(Tx tx, TenantId tenant, AccountId account, boolean disabled) {
        tx.sql()
                .sql(
                        "update identity.account set disabled = ? where tenant_id = ? and account_id = ?")
                .param(disabled)
                .param(tenant.value())
                .param(account.value())
                .update();
    }

    /** Rights of an account in somebody else's mailbox (RFC 4314 2.1); none is the empty text. */
    public static String rights(Tx tx, TenantId tenant, MailboxId mailbox, AccountId account) {
        return tx.sql()
                .sql(
                        """
                        select rights from identity.acl
                        where tenant_id = ? and mailbox_id = ? and account_id = ?
                        """)
                .param(tenant.value())
                .param(mailbox.value())
                .param(account.value())
                .query(String.class)
                .optional()
                .orElse("");
    }

    /** Sets them; the empty text takes them all. */
    public static void setRights(
            Tx tx, TenantId tenant, MailboxId mailbox, AccountId account, String rights) {
        tx.sql()
                .sql(
                        "delete from identity.acl where tenant_id = ? and mailbox_id = ? and account_id = ?")
                .param(tenant.value())
                .param(mailbox.value())
                .param(account.value())
                .update();
        if (!rights.isEmpty()) {
            tx.sql()
                    .sql(
                            """
                            insert into identity.acl (tenant_id, mailbox_id, account_id, rights)
                            values (?, ?, ?, ?)
                            """)
                    .param(tenant.value())
                    .param(mailbox.value())
                    .param(account.value())
                    .param(rights)
                    .update();
        }
    }

    /** An instant as the driver takes it. */
    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static AccountRow account(ResultSet row) throws SQLException {
        return new AccountRow(
                new AccountId(row.getObject("account_id", UUID.class)),
                new MailboxId(row.getObject("mailbox_id", UUID.class)),
                new SealedText(
                        new LeafId(row.getObject("profile_leaf", UUID.class)),
                        row.getBytes("profile")),
                Optional.ofNullable(row.getBytes("verifier")),
                row.getBoolean("disabled"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static AddressRow address(ResultSet row) throws SQLException {
        return new AddressRow(
                new AccountId(row.getObject("account_id", UUID.class)),
                row.getBytes("address_hash"),
                new SealedText(
                        new LeafId(row.getObject("leaf_id", UUID.class)), row.getBytes("address")),
                row.getBoolean("alias"));
    }
}
