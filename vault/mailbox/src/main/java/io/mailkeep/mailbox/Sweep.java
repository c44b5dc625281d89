package io.mailkeep.mailbox;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.segments.Place;
import io.mailkeep.segments.SegmentStore;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Finds bodies that were appended and never committed, and marks them dead: what a crash between
 * sync and commit left. Each was answered with a temporary error, or not at all.
 *
 * <p>To be run after the writer fence was raised, so that no late commit can come, and not while
 * the keys are sealed after the database went back: their headers are what rows are rebuilt from.
 */
public final class Sweep {
    private final RoomDatabase rows;
    private final SegmentStore segments;
    private final Trail trail;

    public Sweep(Backing backing) {
        this.rows = backing.rows();
        this.segments = backing.segments();
        this.trail = backing.trail();
    }

    /** Sweeps every volume; needs MAINTAIN. Answers how many orphans were found. */
    public long run(Access access) {
        access.require(Operation.MAINTAIN);
        long orphans = 0;
        for (DataClass one : DataClass.values()) {
            orphans += segments.sweep(access, one, this::places).orphans();
        }
        if (orphans > 0) {
            trail.record(
                    Event.granted(
                            EventType.STORE_REPAIRED,
                            access.tenant(),
                            access.actor(),
                            "volumes",
                            Map.of("orphans", Long.toString(orphans))));
        }
        return orphans;
    }

    private Set<Place> places(TenantId tenant, Set<BlobId> blobs) {
        return rows.reading(
                tenant,
                tx ->
                        new HashSet<>(
                                tx.sql()
                                        .sql(
                                                """
                                                select segment_id, position from mailbox.blob
                                                where tenant_id = :tenant and blob_id = any(:blobs)
                                                """)
                                        .param("tenant", tenant.value())
                                        .param(
                                                "blobs",
                                                blobs.stream()
                                                        .map(BlobId::value)
                                                        .toArray(UUID[]::new))
                                        .query((row, _) ->
                                                new Place(
                                                        row.getObject(1, UUID.class),
                                                        row.getLong(2)))
                                        .list()));
    }
}
