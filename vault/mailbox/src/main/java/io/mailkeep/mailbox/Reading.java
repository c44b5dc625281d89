package io.mailkeep.mailbox;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Event;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Uid;
import io.mailkeep.keys.CopyKeys;
import io.mailkeep.mailbox.internal.FolderTable;
import io.mailkeep.mailbox.internal.Keywords;
import io.mailkeep.mailbox.internal.MessageTable;
import io.mailkeep.mailbox.internal.Meta;
import io.mailkeep.mailbox.internal.Parts;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What only looks: rows without keys, and messages opened one after another. */
final class Reading {
    /** Rows of one statement: bounds what the driver holds at once. */
    private static final int PAGE = 5_000;

    private final Parts parts;
    private final Access access;
    private final TenantId tenant;
    private final MailboxId mailbox;
    private final Keywords keywords;

    Reading(Parts parts, Access access, Keywords keywords) {
        this.parts = parts;
        this.access = access;
        this.tenant = access.tenant();
        this.mailbox = access.requireMailbox();
        this.keywords = keywords;
    }

    List<MessageRow> messages(FolderId folder) {
        access.require(Operation.READ);
        List<MessageTable.Row> all =
                looking(table -> {
                    List<MessageTable.Row> rows = new ArrayList<>();
                    List<MessageTable.Row> page = table.page(folder, 0, PAGE);
                    while (!page.isEmpty()) {
                        rows.addAll(page);
                        page = table.page(folder, page.getLast().uid().value(), PAGE);
                    }
                    return rows;
                });
        return keywords.shown(all);
    }

    List<MessageRow> some(FolderId folder, Collection<Uid> uids) {
        access.require(Operation.READ);
        return keywords.shown(looking(table -> table.some(folder, uids)));
    }

    MessageTable.Totals totals(FolderId folder) {
        access.require(Operation.READ);
        return looking(table -> table.totals(folder));
    }

    Mailbox.Changes changesSince(FolderId folder, ModSeq since) {
        access.require(Operation.READ);
        record Seen(List<MessageTable.Row> changed, List<Uid> gone, ModSeq highest) {}
        Seen seen =
                parts.backing()
                        .rows()
                        .reading(
                                tenant,
                                tx -> {
                                    // First the folder: what is committed between the statements
                                    // is then told again next time, never missed.
                                    Optional<FolderTable.Row> row =
                                            new FolderTable(tx.sql(), tenant, mailbox).one(folder);
                                    if (row.isEmpty()) {
                                        return new Seen(List.of(), List.of(), since);
                                    }
                                    MessageTable table =
                                            new MessageTable(tx.sql(), tenant, mailbox);
                                    return new Seen(
                                            table.changedSince(folder, since),
                                            table.goneSince(folder, since),
                                            row.get().modSeq());
                                });
        return new Mailbox.Changes(keywords.shown(seen.changed()), seen.gone(), seen.highest());
    }

    /**
     * Opens messages batch by batch; the entry that tells of the whole call is committed with the
     * reading of the first rows, before anything is opened ({@code DAT-6}).
     */
    void open(
            FolderId folder,
            Collection<Uid> uids,
            String purpose,
            Consumer<Mailbox.Opened> reader) {
        access.require(Operation.READ);
        List<Uid> all = uids.stream().distinct().toList();
        long bytes = parts.limits().openBytes();
        boolean told = false;
        int at = 0;
        while (at < all.size()) {
            List<Uid> batch =
                    all.subList(at, Math.min(all.size(), at + parts.limits().openMessages()));
            List<MessageTable.Full> rows =
                    told
                            ? looking(table -> table.full(folder, batch, bytes))
                            : tellingFirst(folder, batch, event(folder, purpose, all.size()));
            told |= !rows.isEmpty();
            each(rows, reader);
            long taken = rows.stream().mapToLong(row -> row.meta().length).sum();
            // Full up to its bytes: what comes after the last one may be there too.
            at += taken < bytes ? batch.size() : batch.lastIndexOf(rows.getLast().row().uid()) + 1;
        }
    }

    private List<MessageTable.Full> tellingFirst(FolderId folder, List<Uid> batch, Event event) {
        Entry entry = parts.backing().trail().prepare(event);
        return parts.backing()
                .rows()
                .inTenant(
                        access,
                        tx -> {
                            List<MessageTable.Full> rows =
                                    new MessageTable(tx.sql(), tenant, mailbox)
                                            .full(folder, batch, parts.limits().openBytes());
                            if (!rows.isEmpty()) {
                                tx.audit(entry);
                            }
                            return rows;
                        });
    }

    private void each(List<MessageTable.Full> rows, Consumer<Mailbox.Opened> reader) {
        if (rows.isEmpty()) {
            return;
        }
        Map<CopyId, CopyKeys> keys =
                parts.backing()
                        .readingKeys()
                        .open(access, rows.stream().map(row -> row.row().copy()).toList());
        List<MessageRow> shown = keywords.shown(rows.stream().map(MessageTable.Full::row).toList());
        for (int i = 0; i < rows.size(); i++) {
            MessageTable.Full row = rows.get(i);
            CopyId copy = row.row().copy();
            CopyKeys opened = keys.get(copy);
            if (opened == null) {
                continue;
            }
            access.recheck();
            reader.accept(
                    new Mailbox.Opened(
                            shown.get(i),
                            new OpenedMessage(
                                    row.row().size(),
                                    () -> Meta.open(row.meta(), opened, tenant, mailbox, copy),
                                    () ->
                                            parts.backing()
                                                    .segments()
                                                    .read(access, row.blob(), opened.body()))));
        }
    }

    private Event event(FolderId folder, String purpose, int count) {
        return Event.granted(
                EventType.MAIL_READ,
                tenant,
                access.actor(),
                mailbox.toString(),
                Map.of(
                        "purpose",
                        purpose,
                        "count",
                        Integer.toString(count),
                        "folder",
                        folder.toString(),
                        "ticket",
                        access.ticket().toString()));
    }

    private <T> T looking(Function<MessageTable, T> work) {
        return parts.backing()
                .rows()
                .reading(tenant, tx -> work.apply(new MessageTable(tx.sql(), tenant, mailbox)));
    }
}
