package io.mailkeep.segments.internal;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.segments.Place;
import io.mailkeep.segments.RecordView;
import io.mailkeep.segments.Rows;
import io.mailkeep.segments.SegmentStore.Swept;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds records that no row refers to. Only in segments that nothing is appended to any more, so
 * that no row for one of them can still be on its way. A segment in which nothing lives is removed.
 */
public final class Sweep {
    private static final int BATCH = 500;

    private final Volume volume;
    private final Rows rows;
    private final Predicate<TenantId> mine;
    private long records;
    private long orphans;
    private long removed;

    /**
     * @param mine tenants whose records may be judged
     */
    public Sweep(Volume volume, Rows rows, Predicate<TenantId> mine) {
        this.volume = volume;
        this.rows = rows;
        this.mine = mine;
    }

    /** Sweeps all of the volume. */
    public Swept run() {
        for (KnownSegment segment : volume.sweepable()) {
            try {
                sweep(segment);
            } catch (IOException failure) {
                throw volume.away(failure);
            }
        }
        return new Swept(records, orphans, removed);
    }

    private void sweep(KnownSegment segment) throws IOException {
        Judgement judgement = new Judgement();
        Optional<SegmentScan.Result> result =
                volume.read(segment, SegmentIdentity.HEADER, judgement::see);
        if (result.isEmpty()) {
            return;
        }
        judgement.finish();
        VolumeOpening.gaps(segment, result.get()).forEach(volume::report);
        records += judgement.seen;
        orphans += judgement.orphans.size();
        if (judgement.living == 0 && result.get().gaps().isEmpty()) {
            volume.remove(segment);
            removed++;
        } else if (!judgement.orphans.isEmpty()) {
            Set<Long> dead = new HashSet<>(segment.dead());
            dead.addAll(judgement.orphans);
            volume.marks().writeDead(segment.identity().name(), dead);
            segment.dead(dead);
        }
    }

    private final class Judgement {
        private final Map<TenantId, Map<Place, BlobId>> open = new HashMap<>();
        private final Set<Long> orphans = new HashSet<>();
        private int waiting;
        private long seen;
        private long living;

        void see(RecordView record) {
            seen++;
            if (record.dead()) {
                return;
            }
            if (!mine.test(record.stored().tenant())) {
                living++;
                return;
            }
            open.computeIfAbsent(record.stored().tenant(), _ -> new HashMap<>())
                    .put(record.place(), record.stored().blob());
            waiting++;
            if (waiting >= BATCH) {
                finish();
            }
        }

        void finish() {
            for (Map.Entry<TenantId, Map<Place, BlobId>> one : open.entrySet()) {
                Set<BlobId> blobs = Set.copyOf(one.getValue().values());
                Set<Place> referenced = rows.places(one.getKey(), blobs);
                for (Place place : List.copyOf(one.getValue().keySet())) {
                    if (referenced.contains(place)) {
                        living++;
                    } else {
                        orphans.add(place.position());
                    }
                }
            }
            open.clear();
            waiting = 0;
        }
    }
}
