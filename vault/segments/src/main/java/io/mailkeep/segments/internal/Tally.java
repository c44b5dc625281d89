package io.mailkeep.segments.internal;

import io.mailkeep.segments.Counters;
import io.mailkeep.segments.StoredBlob;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a volume does. */
final class Tally {
    private final LongAdder forces = new LongAdder();
    private final LongAdder folderForces = new LongAdder();
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder poisoned = new LongAdder();
    private final LongAdder cutTails = new LongAdder();
    private final LongAdder broken = new LongAdder();

    void force() {
        forces.increment();
    }

    void folderForce() {
        folderForces.increment();
    }

    void stored(List<StoredBlob> stored) {
        records.add(stored.size());
        stored.forEach(one -> bytes.add(one.stored()));
    }

    void poisoned() {
        poisoned.increment();
    }

    void cutTails(long count) {
        cutTails.add(count);
    }

    void broken() {
        broken.increment();
    }

    Counters snapshot() {
        return new Counters(
                forces.sum(),
                folderForces.sum(),
                records.sum(),
                bytes.sum(),
                poisoned.sum(),
                cutTails.sum(),
                broken.sum());
    }
}
