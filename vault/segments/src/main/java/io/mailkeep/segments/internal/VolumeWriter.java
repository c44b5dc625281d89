package io.mailkeep.segments.internal;

import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.segments.SegmentLimits;
import io.mailkeep.segments.StoredBlob;
import io.mailkeep.segments.Writing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends groups of bodies to one volume; everything of a group is durable when {@link #append}
 * returns. Runs on the volume's own thread alone, which nobody interrupts.
 *
 * <p>After an error the segment is given up and the group is written once more, to a new one; the
 * same keys seal the same bytes, so no nonce is used twice for different ones (ATK-101).
 */
final class VolumeWriter {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeWriter.class);
    private static final int BUFFER = 256 << 10;

    private final Disk disk;
    private final Volume volume;
    private final Time time;
    private final SegmentLimits limits;
    private final Tally tally;
    private Optional<OpenSegment> current = Optional.empty();
    private Optional<ByteBuffer> buffer = Optional.empty();

    VolumeWriter(Disk disk, Volume volume, Time time, SegmentLimits limits, Tally tally) {
        this.disk = disk;
        this.volume = volume;
        this.time = time;
        this.limits = limits;
        this.tally = tally;
    }

    /** Appends the group, or nothing of it counts. */
    List<StoredBlob> append(List<Writing> group) {
        long bytes = group.stream().mapToLong(this::length).sum();
        Optional<Problem> refusal = refusal(disk, volume, limits, bytes);
        if (refusal.isPresent()) {
            throw new Unavailable(refusal.get());
        }
        try {
            return attempt(group);
        } catch (DiskFailure first) {
            poison(first);
            try {
                return attempt(group);
            } catch (DiskFailure second) {
                poison(second);
                throw unavailable(second, bytes);
            }
        }
    }

    /** Why the volume takes nothing more, if so (FLT-13). */
    static Optional<Problem> refusal(Disk disk, Volume volume, SegmentLimits limits, long bytes) {
        try {
            Disk.Space space = disk.space(volume.folder());
            if (space.usedWith(bytes) <= limits.refuseAbove()) {
                return Optional.empty();
            }
            return Optional.of(full(volume, "the watermark is reached: " + space));
        } catch (java.io.IOException failure) {
            return Optional.of(broken(volume, failure.toString()));
        }
    }

    /** Ends the segment in use, so that the next start needn't read it. */
    void close() {
        current.ifPresent(this::retire);
        current = Optional.empty();
    }

    private long length(Writing writing) {
        return OpenSegment.headOf(writing, 0, 0).recordLength();
    }

    private List<StoredBlob> attempt(List<Writing> group) throws DiskFailure {
        List<StoredBlob> stored = new ArrayList<>();
        long millis = time.instant().toEpochMilli();
        try {
            for (Writing writing : group) {
                stored.add(withRoomFor(length(writing), millis).write(writing, millis));
            }
            force();
        } catch (SourceFailure failure) {
            takeBack();
            throw new Unavailable(
                    Problem.temporary(
                            "The message couldn't be read back from the spool; try again later.",
                            failure.getMessage() + ": " + failure.getCause()),
                    failure);
        } catch (RuntimeException | Error defect) {
            takeBack();
            throw defect;
        }
        tally.stored(stored);
        return stored;
    }

    private OpenSegment withRoomFor(long bytes, long millis) throws DiskFailure {
        if (current.isPresent()) {
            OpenSegment segment = current.get();
            boolean empty = segment.position() <= SegmentIdentity.HEADER;
            if (empty || segment.position() + bytes <= limits.segmentBytes()) {
                return segment;
            }
            force();
            retire(segment);
        }
        if (buffer.isEmpty()) {
            int room = (int) Math.min(BUFFER, limits.segmentBytes());
            buffer = Optional.of(ByteBuffer.allocateDirect(room));
        }
        SegmentIdentity identity = volume.nextIdentity();
        OpenSegment made =
                OpenSegment.create(disk, volume.folder(), identity, buffer.get(), millis);
        volume.add(identity);
        tally.folderForce();
        current = Optional.of(made);
        return made;
    }

    private void force() throws DiskFailure {
        OpenSegment segment = current.orElseThrow();
        tally.force();
        segment.force();
        volume.reached(segment.identity(), segment.durable());
    }

    private void takeBack() throws DiskFailure {
        if (current.isPresent()) {
            current.get().rewind();
        }
    }

    private void retire(OpenSegment segment) {
        if (segment.durable() <= SegmentIdentity.HEADER) {
            segment.abandon();
            volume.forget(segment.identity());
        } else {
            try {
                segment.close();
            } catch (java.io.IOException failure) {
                // All that counts was forced; closing can't take it back.
                LOG.atWarn().addKeyValue("segment", segment.identity().name()).log("close failed");
            }
            volume.ended(segment.identity(), segment.durable());
        }
        current = Optional.empty();
    }

    private void poison(DiskFailure failure) {
        tally.poisoned();
        LOG.atError()
                .setCause(failure)
                .addKeyValue("class", volume.dataClass())
                .addKeyValue(
                        "segment", current.map(one -> one.identity().name().toString()).orElse("-"))
                .log("a volume failed: its segment is given up");
        if (current.isPresent()) {
            OpenSegment segment = current.get();
            if (segment.abandon()) {
                volume.ended(segment.identity(), segment.durable());
            } else {
                volume.forget(segment.identity());
            }
            current = Optional.empty();
        }
    }

    private Unavailable unavailable(DiskFailure failure, long bytes) {
        boolean full = failure.full();
        if (!full) {
            try {
                full = disk.space(volume.folder()).usable() < bytes;
            } catch (java.io.IOException _) {
                // Then it is broken, not full.
            }
        }
        String detail = String.valueOf(failure.getCause());
        return new Unavailable(full ? full(volume, detail) : broken(volume, detail), failure);
    }

    private static Problem full(Volume volume, String detail) {
        return new Problem(
                452,
                "4.3.1",
                "The mail store is full; try again later.",
                "volume " + volume.dataClass().label() + ": " + detail,
                Problem.Fault.OURS);
    }

    private static Problem broken(Volume volume, String detail) {
        return Problem.temporary(
                "The mail store can't write at the moment; try again later.",
                "volume " + volume.dataClass().label() + ": " + detail);
    }
}
