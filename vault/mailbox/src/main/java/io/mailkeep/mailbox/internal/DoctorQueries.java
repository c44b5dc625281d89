package io.mailkeep.mailbox.internal;

import io.mailkeep.database.RoomDatabase;
import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.segments.StoredBlob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the doctor asks of the rows: one statement an invariant, each of which answers what breaks
 * it.
 */
public final class DoctorQueries {
    private static final int PAGE = 1_000;

    private static final Map<String, String> BROKEN = broken();

    private final RoomDatabase rows;

    /** A message row. */
    public record Copy(UUID id, DataClass dataClass) {}

    /** A row whose name lies under a leaf. */
    public record Named(LeafId leaf, LeafWalk.Kind kind, String what) {}

    public DoctorQueries(RoomDatabase rows) {
        this.rows = rows;
    }

    /** The invariants that rows alone show: M4 (classes, sizes), M5, M6, M7, M9. */
    public List<String> rows(TenantId tenant) {
        return rows.reading(
                tenant,
                tx -> {
                    List<String> findings = new ArrayList<>();
                    BROKEN.forEach((text, sql) ->
                            tx.sql()
                                    .sql(sql)
                                    .param("tenant", tenant.value())
                                    .query(String.class)
                                    .list()
                                    .forEach(one -> findings.add(text + one)));
                    return findings;
                });
    }

    /** The mailboxes of a tenant. */
    public List<MailboxId> mailboxes(TenantId tenant) {
        return rows.reading(
                tenant,
                tx ->
                        tx.sql()
                                .sql(
                                        """
                                        select mailbox_id from mailbox.mailbox
                                        where tenant_id = :tenant order by 1
                                        """)
                                .param("tenant", tenant.value())
                                .query((row, _) -> new MailboxId(row.getObject(1, UUID.class)))
                                .list());
    }

    /** Every message row of a mailbox, hidden ones too. */
    public List<Copy> copies(TenantId tenant, MailboxId mailbox) {
        return rows.reading(
                tenant,
                tx ->
                        tx.sql()
                                .sql(
                                        """
                                        select copy_id, data_class from mailbox.message
                                        where tenant_id = :tenant and mailbox_id = :mailbox
                                        """)
                                .param("tenant", tenant.value())
                                .param("mailbox", mailbox.value())
                                .query((row, _) ->
                                        new Copy(
                                                row.getObject(1, UUID.class),
                                                DataClass.ofCode(row.getInt(2))))
                                .list());
    }

    /** Every folder, name subscribed to without a folder, and keyword of a mailbox. */
    public List<Named> named(TenantId tenant, MailboxId mailbox) {
        return rows.reading(
                tenant,
                tx ->
                        tx.sql()
                                .sql(
                                        """
                                        select leaf_id, true, cast(folder_id as text) from mailbox.folder
                                        where tenant_id = :tenant and mailbox_id = :mailbox
                                        union all
                                        select leaf_id, true, 'subscribed' from mailbox.subscription
                                        where tenant_id = :tenant and mailbox_id = :mailbox
                                        union all
                                        select leaf_id, false, cast(bit as text) from mailbox.keyword
                                        where tenant_id = :tenant and mailbox_id = :mailbox
                                        """)
                                .param("tenant", tenant.value())
                                .param("mailbox", mailbox.value())
                                .query((row, _) -> {
                                    boolean folder = row.getBoolean(2);
                                    return new Named(
                                            new LeafId(row.getObject(1, UUID.class)),
                                            folder
                                                    ? LeafWalk.Kind.FOLDER_NAME
                                                    : LeafWalk.Kind.KEYWORD,
                                            (folder ? "folder " : "keyword bit ")
                                                    + row.getString(3));
                                })
                                .list());
    }

    /** The blob rows after an id. */
    public List<StoredBlob> blobs(TenantId tenant, UUID after) {
        return rows.reading(
                tenant,
                tx ->
                        tx.sql()
                                .sql(
                                        """
                                        select blob_id, data_class, segment_id, position, stored, size
                                        from mailbox.blob where tenant_id = :tenant and blob_id > :after
                                        order by blob_id limit :limit
                                        """)
                                .param("tenant", tenant.value())
                                .param("after", after)
                                .param("limit", PAGE)
                                .query((row, _) ->
                                        new StoredBlob(
                                                tenant,
                                                new BlobId(row.getObject(1, UUID.class)),
                                                DataClass.ofCode(row.getInt(2)),
                                                row.getObject(3, UUID.class),
                                                row.getLong(4),
                                                row.getLong(5),
                                                row.getLong(6)))
                                .list());
    }

    private static Map<String, String> broken() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "M4: class or size doesn't fit the body of message ",
                """
                select cast(m.copy_id as text) from mailbox.message m
                join mailbox.blob b on b.tenant_id = m.tenant_id and b.blob_id = m.blob_id
                where m.tenant_id = :tenant and (m.data_class <> b.data_class or m.size < b.size)
                """);
        all.put(
                "M5: no message has body ",
                """
                select cast(b.blob_id as text) from mailbox.blob b
                where b.tenant_id = :tenant and not exists (select 1 from mailbox.message m
                    where m.tenant_id = b.tenant_id and m.blob_id = b.blob_id)
                """);
        all.put(
                "M6: UID or folder wrong of message ",
                """
                select cast(m.copy_id as text) from mailbox.message m
                left join mailbox.folder f on f.tenant_id = m.tenant_id and f.mailbox_id = m.mailbox_id
                    and f.folder_id = m.folder_id
                where m.tenant_id = :tenant and m.hidden_at is null
                    and (f.folder_id is null or m.uid < 1 or m.uid >= f.uid_next
                        or exists (select 1 from mailbox.gone g where g.tenant_id = m.tenant_id
                            and g.mailbox_id = m.mailbox_id and g.folder_id = m.folder_id and g.uid = m.uid))
                """);
        all.put(
                "M6: gone UID that was never given, or of no folder: ",
                """
                select g.folder_id || ' ' || g.uid from mailbox.gone g
                left join mailbox.folder f on f.tenant_id = g.tenant_id and f.mailbox_id = g.mailbox_id
                    and f.folder_id = g.folder_id
                where g.tenant_id = :tenant and (f.folder_id is null or g.uid < 1 or g.uid >= f.uid_next)
                """);
        all.putAll(brokenMailboxes());
        return all;
    }

    /** M7, M9: what doesn't fit the mailbox and folder it is in. */
    private static Map<String, String> brokenMailboxes() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "M7: MODSEQ above its folder's: message ",
                """
                select cast(m.copy_id as text) from mailbox.message m
                join mailbox.folder f on f.tenant_id = m.tenant_id and f.mailbox_id = m.mailbox_id
                    and f.folder_id = m.folder_id
                where m.tenant_id = :tenant and m.hidden_at is null and m.mod_seq > f.mod_seq
                """);
        all.put(
                "M7: MODSEQ above its folder's: gone UID ",
                """
                select g.folder_id || ' ' || g.uid from mailbox.gone g
                join mailbox.folder f on f.tenant_id = g.tenant_id and f.mailbox_id = g.mailbox_id
                    and f.folder_id = g.folder_id
                where g.tenant_id = :tenant and g.mod_seq > f.mod_seq
                """);
        all.put(
                "M7: MODSEQ or UIDVALIDITY above its mailbox', or used twice: folder ",
                """
                select cast(f.folder_id as text) from mailbox.folder f
                join mailbox.mailbox b on b.tenant_id = f.tenant_id and b.mailbox_id = f.mailbox_id
                where f.tenant_id = :tenant and (f.mod_seq > b.mod_seq or f.uid_validity > b.uid_validity
                    or exists (select 1 from mailbox.folder o where o.tenant_id = f.tenant_id
                        and o.mailbox_id = f.mailbox_id and o.folder_id <> f.folder_id
                        and o.uid_validity = f.uid_validity))
                """);
        all.put(
                "M9: no INBOX in mailbox ",
                """
                select cast(b.mailbox_id as text) from mailbox.mailbox b
                where b.tenant_id = :tenant and not exists (select 1 from mailbox.folder f
                    where f.tenant_id = b.tenant_id and f.mailbox_id = b.mailbox_id and f.special_use = 1)
                """);
        all.put(
                "M9: unknown flag or keyword on message ",
                """
                select cast(m.copy_id as text) from mailbox.message m
                left join (select mailbox_id, bit_or(cast(1 as bigint) << bit) as bits
                    from mailbox.keyword where tenant_id = :tenant group by mailbox_id) k
                    on k.mailbox_id = m.mailbox_id
                where m.tenant_id = :tenant and (m.flags & 31 <> m.flags
                    or m.keywords & ~coalesce(k.bits, 0) <> 0)
                """);
        return all;
    }
}
