package io.mailkeep.mailbox.internal;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Uid;
import io.mailkeep.keys.SealedCopy;
import io.mailkeep.segments.StoredBlob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The message rows of one mailbox, within one transaction. Hidden ones are never seen here. */
public final class MessageTable {
    private final JdbcClient sql;
    private final UUID tenantId;
    private final TenantId tenant;
    private final UUID mailbox;

    /** A row with its flags and keywords as bits. */
    public record Row(
            CopyId copy,
            Uid uid,
            ModSeq modSeq,
            int flags,
            long keywords,
            Instant received,
            Instant saved,
            long size) {}

    /** A row with what opens it. */
    public record Full(Row row, StoredBlob blob, DataClass dataClass, byte[] meta) {}

    /** From one folder to another. */
    public record Way(FolderId from, FolderId to) {}

    /** A UID before and after. */
    public record Pair(Uid from, Uid to) {}

    /** Counts of a folder. */
    public record Totals(long messages, long unseen, long deleted, long size) {}

    /** A copy about to be made: its keys in a tail wrap, its meta under them. */
    public record Twin(SealedCopy sealed, byte[] meta) {}

    /** How bits change: those kept, and those set afterwards. */
    public record Bits(int flagsKept, int flagsSet, long keywordsKept, long keywordsSet) {}

    public MessageTable(JdbcClient sql, TenantId tenant, MailboxId mailbox) {
        this.sql = sql;
        this.tenant = tenant;
        this.tenantId = tenant.value();
        this.mailbox = mailbox.value();
    }

    /** The UIDs as the database takes them. */
    public static Long[] array(Collection<Uid> uids) {
        return uids.stream().map(Uid::value).toArray(Long[]::new);
    }

    /** The rows after a UID, ascending. */
    public List<Row> page(FolderId folder, long after, int limit) {
        return in(
                        folder,
                        """
                        select copy_id, uid, mod_seq, flags, keywords, received_at, saved_at, size
                        from mailbox.message
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                            and hidden_at is null and uid > :after
                        order by uid limit :limit
                        """)
                .param("after", after)
                .param("limit", limit)
                .query(MessageTable::row)
                .list();
    }

    /** The rows with these UIDs, ascending. */
    public List<Row> some(FolderId folder, Collection<Uid> uids) {
        return in(
                        folder,
                        """
                        select copy_id, uid, mod_seq, flags, keywords, received_at, saved_at, size
                        from mailbox.message
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                            and hidden_at is null and uid = any(:uids)
                        order by uid
                        """)
                .param("uids", array(uids))
                .query(MessageTable::row)
                .list();
    }

    /** The rows changed after a MODSEQ, ascending by UID. */
    public List<Row> changedSince(FolderId folder, ModSeq since) {
        return in(
                        folder,
                        """
                        select copy_id, uid, mod_seq, flags, keywords, received_at, saved_at, size
                        from mailbox.message
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                            and hidden_at is null and mod_seq > :since
                        order by uid
                        """)
                .param("since", since.value())
                .query(MessageTable::row)
                .list();
    }

    /** The UIDs that left after a MODSEQ, ascending. */
    public List<Uid> goneSince(FolderId folder, ModSeq since) {
        return in(
                        folder,
                        """
                        select uid from mailbox.gone
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                            and mod_seq > :since
                        order by uid
                        """)
                .param("since", since.value())
                .query((row, _) -> new Uid(row.getLong(1)))
                .list();
    }

    /**
     * What opens these messages, in the order given, up to a number of bytes of meta (but at least
     * one).
     */
    public List<Full> full(FolderId folder, List<Uid> uids, long bytes) {
        return in(
                        folder,
                        """
                        with wanted as (
                            select m.*, w.place,
                                sum(octet_length(m.meta)) over (order by w.place) - octet_length(m.meta) as before
                            from unnest(cast(:uids as bigint[])) with ordinality as w(uid, place)
                            join mailbox.message m on m.tenant_id = :tenant and m.mailbox_id = :mailbox
                                and m.folder_id = :folder and m.uid = w.uid and m.hidden_at is null)
                        select w.copy_id, w.uid, w.mod_seq, w.flags, w.keywords, w.received_at, w.saved_at, w.size,
                            w.data_class, w.meta, b.blob_id, b.segment_id, b.position, b.stored, b.size as body
                        from wanted w join mailbox.blob b on b.tenant_id = :tenant and b.blob_id = w.blob_id
                        where w.before < :bytes
                        order by w.place
                        """)
                .param("uids", array(uids))
                .param("bytes", bytes)
                .query(this::full)
                .list();
    }

    /** Counts of a folder. */
    public Totals totals(FolderId folder) {
        return in(
                        folder,
                        """
                        select count(*), count(*) filter (where flags & 8 = 0),
                            count(*) filter (where flags & 4 <> 0), coalesce(sum(size), 0)
                        from mailbox.message
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                            and hidden_at is null
                        """)
                .query((row, _) ->
                        new Totals(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .single();
    }

    /** How many of these messages (or of all) are there. */
    public int count(FolderId folder, Optional<Collection<Uid>> only) {
        return in(
                        folder,
                        """
                        select count(*) from mailbox.message
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                            and hidden_at is null and (:every or uid = any(cast(:uids as bigint[])))
                        """)
                .param("every", only.isEmpty())
                .param("uids", array(only.orElse(List.of())))
                .query(Integer.class)
                .single();
    }

    /** Changes bits of messages that weren't changed after a MODSEQ; answers how many changed. */
    public int store(
            FolderId folder, Collection<Uid> uids, Bits bits, long unchangedSince, ModSeq modSeq) {
        return in(
                        folder,
                        """
                        update mailbox.message m set flags = n.flags, keywords = n.keywords, mod_seq = :modSeq
                        from (select copy_id,
                                cast((flags & :flagsKept) | :flagsSet as smallint) as flags,
                                (keywords & :keywordsKept) | :keywordsSet as keywords
                            from mailbox.message
                            where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                                and hidden_at is null and uid = any(:uids) and mod_seq <= :unchanged) n
                        where m.tenant_id = :tenant and m.mailbox_id = :mailbox and m.copy_id = n.copy_id
                            and (m.flags <> n.flags or m.keywords <> n.keywords)
                        """)
                .param("uids", array(uids))
                .param("flagsKept", bits.flagsKept())
                .param("flagsSet", bits.flagsSet())
                .param("keywordsKept", bits.keywordsKept())
                .param("keywordsSet", bits.keywordsSet())
                .param("unchanged", unchangedSince)
                .param("modSeq", modSeq.value())
                .update();
    }

    /** Those of the UIDs whose message was changed after a MODSEQ, ascending. */
    public List<Uid> newer(FolderId folder, Collection<Uid> uids, long unchangedSince) {
        return in(
                        folder,
                        """
                        select uid from mailbox.message
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                            and hidden_at is null and uid = any(:uids) and mod_seq > :unchanged
                        order by uid
                        """)
                .param("uids", array(uids))
                .param("unchanged", unchangedSince)
                .query((row, _) -> new Uid(row.getLong(1)))
                .list();
    }

    /** Moves these messages, or all, to UIDs from {@code first} on; ascending by UID. */
    public List<Pair> move(
            Way way,
            Optional<Collection<Uid>> only,
            long first,
            ModSeq modSeq,
            OffsetDateTime now) {
        return in(
                        way.from(),
                        """
                        with moving as (
                            select copy_id, uid, row_number() over (order by uid) - 1 as place
                            from mailbox.message
                            where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                                and hidden_at is null and (:every or uid = any(cast(:uids as bigint[])))),
                        moved as (
                            update mailbox.message m
                            set folder_id = :to, uid = :first + g.place, mod_seq = :modSeq, saved_at = :now
                            from moving g
                            where m.tenant_id = :tenant and m.mailbox_id = :mailbox and m.copy_id = g.copy_id
                            returning g.uid as before, m.uid as after),
                        gone as (
                            insert into mailbox.gone (tenant_id, mailbox_id, folder_id, uid, mod_seq)
                            select :tenant, :mailbox, :folder, before, :modSeq from moved)
                        select before, after from moved order by before
                        """)
                .param("to", way.to().value())
                .param("every", only.isEmpty())
                .param("uids", array(only.orElse(List.of())))
                .param("first", first)
                .param("modSeq", modSeq.value())
                .param("now", now)
                .query((row, _) -> new Pair(new Uid(row.getLong(1)), new Uid(row.getLong(2))))
                .list();
    }

    /** Hides those of the messages that are marked deleted; answers their UIDs, ascending. */
    public List<Uid> hideDeleted(
            FolderId folder, Optional<Collection<Uid>> only, OffsetDateTime now, ModSeq modSeq) {
        return in(
                        folder,
                        """
                        with hidden as (
                            update mailbox.message set hidden_at = :now, mod_seq = :modSeq
                            where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                                and hidden_at is null and flags & 4 <> 0
                                and (:every or uid = any(cast(:uids as bigint[])))
                            returning uid),
                        gone as (
                            insert into mailbox.gone (tenant_id, mailbox_id, folder_id, uid, mod_seq)
                            select :tenant, :mailbox, :folder, uid, :modSeq from hidden)
                        select uid from hidden order by uid
                        """)
                .param("every", only.isEmpty())
                .param("uids", array(only.orElse(List.of())))
                .param("modSeq", modSeq.value())
                .param("now", now)
                .query((row, _) -> new Uid(row.getLong(1)))
                .list();
    }

    /** Hides every message of a folder that is about to go; answers how many. */
    public int hideAll(FolderId folder, OffsetDateTime now, ModSeq modSeq) {
        return in(
                        folder,
                        """
                        update mailbox.message set hidden_at = :now, mod_seq = :modSeq
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                            and hidden_at is null
                        """)
                .param("modSeq", modSeq.value())
                .param("now", now)
                .update();
    }

    /**
     * Makes copies of these messages under UIDs from {@code first} on, with their leaves; answers
     * how many of the originals were still where they were. {@code MK001} if a pair was renewed.
     */
    public int copy(
            Way way,
            List<CopyId> sources,
            List<Twin> twins,
            long first,
            ModSeq modSeq,
            OffsetDateTime now) {
        List<SealedCopy> sealed = twins.stream().map(Twin::sealed).toList();
        UUID[] ids = sealed.stream().map(one -> one.copy().value()).toArray(UUID[]::new);
        sql.sql(
                        """
                        select tree.put_leaf(:tenant, n.leaf, cast(1 as smallint), n.node, n.pair, n.wrap)
                        from unnest(cast(:ids as uuid[]), cast(:nodes as uuid[]), cast(:pairs as uuid[]),
                            cast(:wraps as bytea[])) as n(leaf, node, pair, wrap)
                        """)
                .param("tenant", tenantId)
                .param("ids", ids)
                .param("nodes", sealed.stream().map(one -> one.node().value()).toArray(UUID[]::new))
                .param("pairs", sealed.stream().map(one -> one.pair().value()).toArray(UUID[]::new))
                .param("wraps", sealed.stream().map(SealedCopy::wrap).toArray(byte[][]::new))
                .query((_, _) -> true)
                .list();
        return in(
                        way.from(),
                        """
                        insert into mailbox.message (tenant_id, mailbox_id, copy_id, folder_id, uid, mod_seq,
                            flags, keywords, received_at, saved_at, size, blob_id, data_class, meta)
                        select :tenant, :mailbox, n.copy_id, :to, :first + n.place - 1, :modSeq,
                            m.flags, m.keywords, m.received_at, :now, m.size, m.blob_id, m.data_class, n.meta
                        from unnest(cast(:ids as uuid[]), cast(:sources as uuid[]), cast(:metas as bytea[]))
                            with ordinality as n(copy_id, source, meta, place)
                        join mailbox.message m on m.tenant_id = :tenant and m.mailbox_id = :mailbox
                            and m.copy_id = n.source and m.folder_id = :folder and m.hidden_at is null
                        """)
                .param("to", way.to().value())
                .param("first", first)
                .param("modSeq", modSeq.value())
                .param("now", now)
                .param("ids", ids)
                .param("sources", sources.stream().map(CopyId::value).toArray(UUID[]::new))
                .param("metas", twins.stream().map(Twin::meta).toArray(byte[][]::new))
                .update();
    }

    private JdbcClient.StatementSpec in(FolderId folder, String statement) {
        return sql.sql(statement)
                .param("tenant", tenantId)
                .param("mailbox", mailbox)
                .param("folder", folder.value());
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                new CopyId(row.getObject("copy_id", UUID.class)),
                new Uid(row.getLong("uid")),
                new ModSeq(row.getLong("mod_seq")),
                row.getInt("flags"),
                row.getLong("keywords"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                row.getObject("saved_at", OffsetDateTime.class).toInstant(),
                row.getLong("size"));
    }

    private Full full(ResultSet row, int number) throws SQLException {
        DataClass dataClass = DataClass.ofCode(row.getInt("data_class"));
        return new Full(
                row(row, number),
                new StoredBlob(
                        tenant,
                        new BlobId(row.getObject("blob_id", UUID.class)),
                        dataClass,
                        row.getObject("segment_id", UUID.class),
                        row.getLong("position"),
                        row.getLong("stored"),
                        row.getLong("body")),
                dataClass,
                row.getBytes("meta"));
    }
}
