package io.mailkeep.mailbox.internal;

import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.NewLeaf;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.mailbox.SpecialUse;
import io.mailkeep.tickets.AccessDenied;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of one mailbox and its folders, within one transaction.
 *
 * <p>Whoever changes anything in a mailbox calls {@link #nextModSeq} first: it locks the mailbox's
 * row, so changes of one mailbox come one after another and MODSEQs are committed in their order.
 */
public final class FolderTable {
    /** The first number that is no UID any more. */
    public static final long UID_END = 1L << 32;

    private final JdbcClient sql;
    private final UUID tenant;
    private final UUID mailbox;

    /** A folder's row; the name is cipher text. */
    public record Row(
            FolderId id,
            LeafId leaf,
            byte[] name,
            SpecialUse use,
            boolean subscribed,
            long uidValidity,
            long uidNext,
            ModSeq modSeq) {
        /** As callers see it. */
        public Folder folder(FolderName clear) {
            return new Folder(id, clear, use, subscribed, uidValidity, uidNext, modSeq);
        }
    }

    public FolderTable(JdbcClient sql, TenantId tenant, MailboxId mailbox) {
        this.sql = sql;
        this.tenant = tenant.value();
        this.mailbox = mailbox.value();
    }

    /** Every folder. */
    public List<Row> all() {
        return bound(
                        """
                        select folder_id, leaf_id, name, special_use, subscribed, uid_validity, uid_next, mod_seq
                        from mailbox.folder where tenant_id = :tenant and mailbox_id = :mailbox
                        """)
                .query(FolderTable::row)
                .list();
    }

    /** One folder. */
    public Optional<Row> one(FolderId folder) {
        return bound(
                        """
                        select folder_id, leaf_id, name, special_use, subscribed, uid_validity, uid_next, mod_seq
                        from mailbox.folder
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                        """)
                .param("folder", folder.value())
                .query(FolderTable::row)
                .optional();
    }

    /** The leaves of all names: what tells whether any name changed since. */
    public Set<LeafId> leaves() {
        return new HashSet<>(
                bound(
                                """
                                select leaf_id from mailbox.folder
                                where tenant_id = :tenant and mailbox_id = :mailbox
                                union all
                                select leaf_id from mailbox.subscription
                                where tenant_id = :tenant and mailbox_id = :mailbox
                                """)
                        .query((row, _) -> new LeafId(row.getObject(1, UUID.class)))
                        .list());
    }

    /** Locks the mailbox and takes its next MODSEQ; empty if there is no such mailbox. */
    public Optional<ModSeq> nextModSeq() {
        return bound(
                        """
                        update mailbox.mailbox set mod_seq = mod_seq + 1
                        where tenant_id = :tenant and mailbox_id = :mailbox returning mod_seq
                        """)
                .query(Long.class)
                .optional()
                .map(ModSeq::new);
    }

    /** As {@link #nextModSeq}, for callers whose access was to a mailbox that existed. */
    public ModSeq lock() {
        return nextModSeq().orElseThrow(() -> new AccessDenied("the mailbox is gone"));
    }

    /** Takes a UIDVALIDITY that no folder of this mailbox ever had. */
    public long nextUidValidity() {
        return bound(
                        """
                        update mailbox.mailbox set uid_validity = uid_validity + 1
                        where tenant_id = :tenant and mailbox_id = :mailbox returning uid_validity
                        """)
                .query(Long.class)
                .single();
    }

    /** Makes the mailbox itself. */
    public void insertMailbox(long uidValidity, OffsetDateTime now) {
        bound(
                        """
                        insert into mailbox.mailbox (tenant_id, mailbox_id, uid_validity, created_at)
                        values (:tenant, :mailbox, :validity, :now)
                        """)
                .param("validity", uidValidity)
                .param("now", now)
                .update();
    }

    /** Adds a folder with its name's leaf. */
    public Row insert(
            FolderId folder, Names.Fresh name, SpecialUse use, boolean subscribed, ModSeq modSeq) {
        putLeaf(name.leaf());
        long validity = nextUidValidity();
        bound(
                        """
                        insert into mailbox.folder
                            (tenant_id, mailbox_id, folder_id, leaf_id, name, special_use, subscribed, uid_validity,
                            mod_seq)
                        values (:tenant, :mailbox, :folder, :leaf, :name, :use, :subscribed, :validity, :modSeq)
                        """)
                .param("folder", folder.value())
                .param("leaf", name.leaf().leaf().value())
                .param("name", name.name())
                .param("use", use.code())
                .param("subscribed", subscribed)
                .param("validity", validity)
                .param("modSeq", modSeq.value())
                .update();
        return new Row(
                folder, name.leaf().leaf(), name.name(), use, subscribed, validity, 1, modSeq);
    }

    /** Gives a folder another name; {@link #release} the old one. */
    public void rename(Row folder, Names.Fresh name, boolean subscribed) {
        putLeaf(name.leaf());
        bound(
                        """
                        update mailbox.folder set leaf_id = :leaf, name = :name, subscribed = :subscribed
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                        """)
                .param("folder", folder.id().value())
                .param("leaf", name.leaf().leaf().value())
                .param("name", name.name())
                .param("subscribed", subscribed)
                .update();
    }

    /** The folder's name is free: its leaf goes with the transaction, unless it is remembered. */
    public void release(Row folder, boolean remember) {
        if (!remember) {
            dropLeaf(folder.leaf());
            return;
        }
        bound(
                        """
                        insert into mailbox.subscription (tenant_id, mailbox_id, leaf_id, name)
                        values (:tenant, :mailbox, :leaf, :name)
                        """)
                .param("leaf", folder.leaf().value())
                .param("name", folder.name())
                .update();
    }

    /** Names that are subscribed to without a folder. */
    public List<Names.Sealed> lost() {
        return bound(
                        """
                        select leaf_id, name from mailbox.subscription
                        where tenant_id = :tenant and mailbox_id = :mailbox
                        """)
                .query((row, _) ->
                        new Names.Sealed(
                                new LeafId(row.getObject("leaf_id", UUID.class)),
                                row.getBytes("name")))
                .list();
    }

    /** Forgets a name that was subscribed to without a folder, and its leaf. */
    public void forget(LeafId leaf) {
        bound(
                        """
                        delete from mailbox.subscription
                        where tenant_id = :tenant and mailbox_id = :mailbox and leaf_id = :leaf
                        """)
                .param("leaf", leaf.value())
                .update();
        dropLeaf(leaf);
    }

    /** Removes a folder and its list of gone UIDs; {@link #release} its name. */
    public void remove(Row folder) {
        bound(
                        """
                        delete from mailbox.gone
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                        """)
                .param("folder", folder.id().value())
                .update();
        bound(
                        """
                        delete from mailbox.folder
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                        """)
                .param("folder", folder.id().value())
                .update();
    }

    /** Subscribes or unsubscribes. */
    public void subscribe(FolderId folder, boolean subscribed) {
        bound(
                        """
                        update mailbox.folder set subscribed = :subscribed
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                        """)
                .param("folder", folder.value())
                .param("subscribed", subscribed)
                .update();
    }

    /** Notes that something in the folder changed with this MODSEQ. */
    public void touch(FolderId folder, ModSeq modSeq) {
        bound(
                        """
                        update mailbox.folder set mod_seq = :modSeq
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                        """)
                .param("folder", folder.value())
                .param("modSeq", modSeq.value())
                .update();
    }

    /**
     * Takes UIDs, the first of which is answered; empty if the folder has no more or isn't there.
     */
    public Optional<Long> takeUids(FolderId folder, int count, ModSeq modSeq) {
        return bound(
                        """
                        update mailbox.folder set uid_next = uid_next + :count, mod_seq = :modSeq
                        where tenant_id = :tenant and mailbox_id = :mailbox and folder_id = :folder
                            and uid_next + :count <= :end
                        returning uid_next - :count
                        """)
                .param("folder", folder.value())
                .param("count", (long) count)
                .param("modSeq", modSeq.value())
                .param("end", UID_END)
                .query(Long.class)
                .optional();
    }

    /** Stores a fresh leaf; {@code MK001} if its holder was re-keyed meanwhile. */
    public void putLeaf(NewLeaf leaf) {
        sql.sql(
                        """
                        select tree.put_leaf(:tenant, :leaf, cast(:kind as smallint), :holder, :key, :wrap)
                        """)
                .param("tenant", tenant)
                .param("leaf", leaf.leaf().value())
                .param("kind", leaf.kind().code())
                .param("holder", leaf.holder().value())
                .param("key", leaf.holderKey().value())
                .param("wrap", leaf.wrap())
                .query((_, _) -> true)
                .single();
    }

    private void dropLeaf(LeafId leaf) {
        sql.sql("select tree.drop_leaf(:tenant, :leaf)")
                .param("tenant", tenant)
                .param("leaf", leaf.value())
                .query((_, _) -> true)
                .single();
    }

    private JdbcClient.StatementSpec bound(String statement) {
        return sql.sql(statement).param("tenant", tenant).param("mailbox", mailbox);
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                new FolderId(row.getObject("folder_id", UUID.class)),
                new LeafId(row.getObject("leaf_id", UUID.class)),
                row.getBytes("name"),
                use(row.getInt("special_use")),
                row.getBoolean("subscribed"),
                row.getLong("uid_validity"),
                row.getLong("uid_next"),
                new ModSeq(row.getLong("mod_seq")));
    }

    private static SpecialUse use(int code) {
        for (SpecialUse one : SpecialUse.values()) {
            if (one.code() == code) {
                return one;
            }
        }
        throw new IllegalStateException("no special use has code " + code);
    }
}
