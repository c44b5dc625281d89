package io.mailkeep.mailbox;

import io.mailkeep.audit.Event;
import io.mailkeep.database.HolderRekeyed;
import io.mailkeep.database.Tx;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.mailbox.internal.ChangeFeed;
import io.mailkeep.mailbox.internal.FolderTable;
import io.mailkeep.mailbox.internal.Names;
import io.mailkeep.mailbox.internal.Parts;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.Standing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The mailbox room's door. */
public final class Mailboxes implements AutoCloseable {
    private static final Map<String, SpecialUse> FIRST_FOLDERS = firstFolders();

    private final Parts parts;
    private final Dropbox dropbox;

    /**
     * @param gate why nothing may be delivered now, if so: the audit log's backlog gate
     */
    public Mailboxes(
            Backing backing,
            MailboxLimits limits,
            Supplier<Optional<Problem>> gate,
            Time time,
            Randomness randomness) {
        this.parts = new Parts(backing, new ChangeFeed(), limits, time, randomness);
        this.dropbox = new Dropbox(parts, gate);
    }

    /** Creates a mailbox with INBOX, Drafts, Sent, Junk, Trash and Archive. Needs DIRECTORY. */
    public MailboxId create(Access access, TenantId tenant) {
        access.require(Operation.DIRECTORY);
        checkTenant(access, tenant);
        MailboxId mailbox = new MailboxId(parts.randomness().uuid());
        Names names = new Names(parts.backing().readingKeys(), access, tenant, mailbox);
        for (int attempt = 0; attempt < parts.limits().attempts(); attempt++) {
            parts.pause(attempt);
            Map<Names.Fresh, SpecialUse> fresh = new LinkedHashMap<>();
            FIRST_FOLDERS.forEach(
                    (name, use) -> fresh.put(names.seal(LeafKind.FOLDER_NAME, name), use));
            try {
                return parts.backing()
                        .rows()
                        .inTenant(tenant, tx -> created(tx, tenant, mailbox, fresh));
            } catch (HolderRekeyed again) {
                // The routing node was re-keyed between sealing and storing: seal again.
            }
        }
        throw Parts.contended("mailbox creation");
    }

    /** The mailbox of this access. */
    public Mailbox open(Access access) {
        access.requireMailbox();
        access.recheck();
        return new Mailbox(parts, access);
    }

    /** The write-only door. */
    public Dropbox dropbox() {
        return dropbox;
    }

    /**
     * The standing delivery ticket of a mailbox; empty when its owner withdrew it. Needs RESOLVE.
     */
    public Optional<Standing> standing(Access access, TenantId tenant, MailboxId mailbox) {
        access.require(Operation.RESOLVE);
        checkTenant(access, tenant);
        return parts.backing()
                .rows()
                .lookup(
                        tenant,
                        """
                        select standing_epoch from mailbox.mailbox
                        where tenant_id = ? and mailbox_id = ?
                        """,
                        (row, number) -> row.getLong(1),
                        tenant.value(),
                        mailbox.value())
                .filter(epoch -> epoch > 0)
                .map(epoch -> new Standing(tenant, mailbox, epoch));
    }

    /**
     * Withdraws or renews the standing delivery ticket; outstanding ones end at once. Needs
     * DIRECTORY.
     */
    public void setStanding(Access access, TenantId tenant, MailboxId mailbox, boolean accepting) {
        access.require(Operation.DIRECTORY);
        checkTenant(access, tenant);
        // The amount only grows, withdrawn ones are negative: no epoch ever returns.
        int changed =
                parts.backing()
                        .rows()
                        .inTenant(
                                tenant,
                                tx -> {
                                    tx.audit(
                                            parts.backing()
                                                    .trail()
                                                    .prepare(
                                                            standingEvent(
                                                                    access, tenant, mailbox,
                                                                    accepting)));
                                    return tx.sql()
                                            .sql(
                                                    """
                                                    update mailbox.mailbox
                                                    set standing_epoch = :sign * (abs(standing_epoch) + 1)
                                                    where tenant_id = :tenant and mailbox_id = :mailbox
                                                    """)
                                            .param("sign", accepting ? 1 : -1)
                                            .param("tenant", tenant.value())
                                            .param("mailbox", mailbox.value())
                                            .update();
                                });
        if (changed != 1) {
            throw new IllegalArgumentException("no such mailbox: " + mailbox);
        }
    }

    /** Takes no more deliveries, and finishes those that wait. */
    @Override
    public void close() {
        dropbox.close();
    }

    Parts parts() {
        return parts;
    }

    private MailboxId created(
            Tx tx, TenantId tenant, MailboxId mailbox, Map<Names.Fresh, SpecialUse> folders) {
        FolderTable table = new FolderTable(tx.sql(), tenant, mailbox);
        // Above every UIDVALIDITY that a mailbox lost with a restored database may have given out.
        table.insertMailbox(parts.time().instant().getEpochSecond(), parts.now());
        folders.forEach((name, use) ->
                table.insert(
                        new FolderId(parts.randomness().uuid()), name, use, true, new ModSeq(1)));
        return mailbox;
    }

    private static Event standingEvent(
            Access access, TenantId tenant, MailboxId mailbox, boolean accepting) {
        return Event.granted(
                accepting ? EventType.ACCOUNT_CHANGED : EventType.TICKET_REVOKED,
                tenant,
                access.actor(),
                mailbox.toString(),
                Map.of("standing", accepting ? "renewed" : "withdrawn"));
    }

    /** An access of the installation may name any tenant, another one its own only. */
    private static void checkTenant(Access access, TenantId tenant) {
        if (!access.tenant().equals(tenant) && !access.tenant().equals(Event.INSTALLATION)) {
            throw new AccessDenied("another tenant's mailbox");
        }
    }

    private static Map<String, SpecialUse> firstFolders() {
        Map<String, SpecialUse> folders = new LinkedHashMap<>();
        folders.put(FolderName.INBOX.value(), SpecialUse.INBOX);
        folders.put("Drafts", SpecialUse.DRAFTS);
        folders.put("Sent", SpecialUse.SENT);
        folders.put("Junk", SpecialUse.JUNK);
        folders.put("Trash", SpecialUse.TRASH);
        folders.put("Archive", SpecialUse.ARCHIVE);
        return folders;
    }
}
