package io.mailkeep.mailbox;

import io.mailkeep.audit.Event;
import io.mailkeep.database.DropboxCalls;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.mailbox.internal.HeaderEntry;
import io.mailkeep.mailbox.internal.Parts;
import io.mailkeep.mailbox.internal.RebuildQueries;
import io.mailkeep.segments.RecordView;
import io.mailkeep.segments.StoredBlob;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes rows again for mail that the volumes hold and a database that went back doesn't know
 * ({@code DAT-5}; keytree: <em>Rebuild</em>). What was acknowledged since is there afterwards, or
 * named as lost.
 *
 * <p>Each header whose copy is neither a row nor destroyed nor superseded is delivered again: into
 * its folder, or INBOX where that isn't there (any more, or yet), if the pair that its keys are
 * sealed to is still the mailbox'. Needs no key and opens nothing, so it runs while the keys are
 * sealed and <em>before</em> the operator's acceptance is committed: cut short, the start after it
 * finds the database as far back as before, and it is run again. Every folder gets a new
 * UIDVALIDITY (RFC 9051 2.3.1.1), since UIDs given out meanwhile are given again.
 *
 * <p>Lost: flags, expunges, folders and COPYs made since. Mail that was appended and never
 * acknowledged may come, too: who sent it was told to try again. Records that a sweep marked dead
 * stay dead.
 */
@Claim("DAT-5")
public final class Rebuild {
    private final Backing backing;
    private final RebuildQueries queries;
    private final Time time;

    public Rebuild(Backing backing, Time time) {
        this.backing = backing;
        this.queries = new RebuildQueries(backing.rows());
        this.time = time;
    }

    /**
     * What came of it.
     *
     * @param back copies that have a row again
     * @param lost a sentence for each copy that hasn't, with its delivery id first
     */
    public record Report(long back, List<String> lost) {
        public Report {
            lost = List.copyOf(lost);
        }
    }

    /** Reads every header of every volume; needs MAINTAIN. */
    public Report run(Access access) {
        access.require(Operation.MAINTAIN);
        queries.renewValidities(time.instant());
        Run run = new Run(access);
        for (DataClass one : DataClass.values()) {
            backing.segments().scan(access, one, Optional.empty(), run::record);
        }
        run.lost.forEach((copy, why) -> backing.trail().record(run.told(copy, why)));
        return new Report(
                run.back,
                run.lost.entrySet().stream().map(one -> one.getKey() + one.getValue()).toList());
    }

    /** One pass over the volumes. */
    private final class Run {
        private final Access access;

        /** By copy: one that was sealed again has several headers, of which one is enough. */
        private final Map<CopyId, String> lost = new LinkedHashMap<>();

        private long back;

        Run(Access access) {
            this.access = access;
        }

        void record(RecordView record) {
            if (record.dead()) {
                return;
            }
            access.recheck();
            for (byte[] header : record.header()) {
                HeaderEntry entry;
                try {
                    entry = HeaderEntry.decode(header);
                } catch (IllegalArgumentException unreadable) {
                    lost.put(
                            new CopyId(record.stored().blob().value()),
                            ": a body whose header can't be read: " + unreadable.getMessage());
                    continue;
                }
                entry(record, entry);
            }
        }

        private void entry(RecordView record, HeaderEntry entry) {
            TenantId tenant = record.stored().tenant();
            CopyId copy = entry.sealed().copy();
            if (!record.intact()) {
                if (!queries.there(tenant, entry.mailbox(), copy)) {
                    lose(entry, "its body is damaged");
                }
                return;
            }
            DropboxCalls.Result result = deliver(record.stored(), entry, entry.folder());
            if (result instanceof DropboxCalls.Result.Missing && entry.folder().isPresent()) {
                result = deliver(record.stored(), entry, Optional.empty());
            }
            switch (result) {
                case DropboxCalls.Result.Delivered(DropboxCalls.Place place) -> {
                    back++;
                    there(tenant, entry);
                }
                case DropboxCalls.Result.Already(Optional<DropboxCalls.Place> place) ->
                        there(tenant, entry);
                case DropboxCalls.Result.StalePair() ->
                        lose(entry, "the key that it was sealed to was renewed since");
                case DropboxCalls.Result.Missing() ->
                        lose(entry, "its mailbox was made since, and is gone with the database");
                case DropboxCalls.Result.Withdrawn() ->
                        throw new IllegalStateException("no standing ticket was named");
                case DropboxCalls.Result.Exhausted() ->
                        lose(entry, "its folder has given all UIDs");
            }
        }

        private void there(TenantId tenant, HeaderEntry entry) {
            lost.remove(entry.sealed().copy());
            entry.predecessor()
                    .ifPresent(before ->
                            queries.supersede(
                                    tenant, entry.mailbox(), before, entry.sealed().copy()));
        }

        private void lose(HeaderEntry entry, String why) {
            lost.put(
                    entry.sealed().copy(),
                    " (mailbox "
                            + entry.mailbox()
                            + ", received "
                            + entry.received()
                            + ", "
                            + entry.size()
                            + " bytes): "
                            + why);
        }

        private DropboxCalls.Result deliver(
                StoredBlob body, HeaderEntry entry, Optional<FolderId> folder) {
            DropboxCalls.Copy copy =
                    new DropboxCalls.Copy(
                            body.tenant(),
                            entry.mailbox(),
                            folder,
                            entry.sealed().copy(),
                            body.blob(),
                            body.dataClass(),
                            entry.sealed().node(),
                            entry.sealed().pair(),
                            entry.sealed().wrap(),
                            entry.meta(),
                            entry.flags(),
                            0,
                            entry.received(),
                            Parts.database(time.instant()).toInstant(),
                            entry.size(),
                            OptionalLong.empty(),
                            backing.trail().prepare(event(body.tenant(), entry, "rebuilt", "yes")));
            return backing.group()
                    .deliver(
                            new DropboxCalls.Group(
                                    List.of(
                                            new DropboxCalls.Body(
                                                    body.tenant(),
                                                    body.blob(),
                                                    body.dataClass(),
                                                    body.segment(),
                                                    body.position(),
                                                    body.stored(),
                                                    body.size())),
                                    List.of(copy)))
                    .getFirst();
        }

        private Event event(TenantId tenant, HeaderEntry entry, String fact, String value) {
            return Event.granted(
                    EventType.STORE_REPAIRED,
                    tenant,
                    access.actor(),
                    entry.sealed().copy().toString(),
                    Map.of("mailbox", entry.mailbox().toString(), fact, value));
        }

        Event told(CopyId copy, String why) {
            return Event.granted(
                    EventType.STORE_REPAIRED,
                    Event.INSTALLATION,
                    access.actor(),
                    copy.toString(),
                    Map.of("lost", why));
        }
    }
}
