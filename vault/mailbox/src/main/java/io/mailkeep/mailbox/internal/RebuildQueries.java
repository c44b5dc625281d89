package io.mailkeep.mailbox.internal;

import io.mailkeep.database.RoomDatabase;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What a rebuild asks of the rows and changes in them, apart from delivering again. */
public final class RebuildQueries {
    private final RoomDatabase rows;

    public RebuildQueries(RoomDatabase rows) {
        this.rows = rows;
    }

    /** Whether a copy has its row, hidden or not. */
    public boolean there(TenantId tenant, MailboxId mailbox, CopyId copy) {
        return rows.reading(
                tenant,
                tx ->
                        tx.sql()
                                .sql(
                                        """
                                        select exists (select from mailbox.message
                                        where tenant_id = :tenant and mailbox_id = :mailbox and copy_id = :copy)
                                        """)
                                .param("tenant", tenant.value())
                                .param("mailbox", mailbox.value())
                                .param("copy", copy.value())
                                .query(Boolean.class)
                                .single());
    }

    /**
     * A new UIDVALIDITY for every folder there is, above what any folder had before the database
     * went back: those begin with the second their mailbox was made in and grow by one a folder.
     */
    public void renewValidities(Instant now) {
        List<TenantId> tenants =
                rows.withoutTenant(tx ->
                        tx.sql()
                                .sql("select tenant from mailbox.tenants() as t (tenant)")
                                .query((row, _) -> new TenantId(row.getObject(1, UUID.class)))
                                .list());
        for (TenantId tenant : tenants) {
            rows.runInTenant(
                    tenant,
                    tx ->
                            tx.sql()
                                    .sql(
                                            """
                                            with fresh as (
                                                select f.mailbox_id, f.folder_id, greatest(m.uid_validity, :now)
                                                    + row_number() over (partition by f.mailbox_id
                                                        order by f.folder_id) as validity
                                                from mailbox.folder f
                                                join mailbox.mailbox m using (tenant_id, mailbox_id)
                                                where f.tenant_id = :tenant
                                            ), folders as (
                                                update mailbox.folder f set uid_validity = n.validity
                                                from fresh n
                                                where f.tenant_id = :tenant and f.mailbox_id = n.mailbox_id
                                                    and f.folder_id = n.folder_id
                                                returning f.mailbox_id, f.uid_validity
                                            )
                                            update mailbox.mailbox m set uid_validity = l.validity
                                            from (select mailbox_id, max(uid_validity) as validity
                                                from folders group by mailbox_id) l
                                            where m.tenant_id = :tenant and m.mailbox_id = l.mailbox_id
                                            """)
                                    .param("tenant", tenant.value())
                                    .param("now", now.getEpochSecond())
                                    .update());
        }
    }

    /** The copy that this one took the place of goes, if it is back; its id leads here. */
    public void supersede(TenantId tenant, MailboxId mailbox, CopyId before, CopyId after) {
        rows.runInTenant(tenant, tx -> superseded(tx, tenant, mailbox, before, after));
    }

    private static void superseded(
            Tx tx, TenantId tenant, MailboxId mailbox, CopyId before, CopyId after) {
        new FolderTable(tx.sql(), tenant, mailbox).lock();
        List<UUID> bodies =
                tx.sql()
                        .sql(
                                """
                                delete from mailbox.message
                                where tenant_id = :tenant and mailbox_id = :mailbox and copy_id = :copy
                                returning blob_id
                                """)
                        .param("tenant", tenant.value())
                        .param("mailbox", mailbox.value())
                        .param("copy", before.value())
                        .query((row, _) -> row.getObject(1, UUID.class))
                        .list();
        for (UUID body : bodies) {
            tx.sql()
                    .sql(
                            """
                            delete from mailbox.blob b where tenant_id = :tenant and blob_id = :body
                            and not exists (select from mailbox.message m
                                where m.tenant_id = b.tenant_id and m.blob_id = b.blob_id)
                            """)
                    .param("tenant", tenant.value())
                    .param("body", body)
                    .update();
            tx.sql()
                    .sql("select tree.supersede(:tenant, :before, :after)")
                    .param("tenant", tenant.value())
                    .param("before", before.value())
                    .param("after", after.value())
                    .query((_, _) -> true)
                    .list();
        }
    }
}
