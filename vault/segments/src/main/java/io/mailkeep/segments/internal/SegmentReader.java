package io.mailkeep.segments.internal;

import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.segments.StoredBlob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds records of one segment for readers. Holds nothing open. */
public final class SegmentReader {
    private final Disk disk;
    private final Path folder;
    private final SegmentIdentity identity;

    SegmentReader(Disk disk, Path folder, SegmentIdentity identity) {
        this.disk = disk;
        this.folder = folder;
        this.identity = identity;
    }

    /** The file; whoever asks closes it. */
    public DiskFile open() throws IOException {
        return disk.open(identity.name().file(folder));
    }

    /**
     * The head of the record that a row refers to; empty unless it is whole and agrees with the row
     * in everything.
     */
    public Optional<RecordHead> head(StoredBlob row) throws IOException {
        try (DiskFile file = open()) {
            return SegmentScan.headAt(file, identity, row.position())
                    .filter(head -> head.storedAt(identity, row.position()).equals(row));
        }
    }

    /** Whether the record that a row refers to is whole, body included. */
    public boolean intact(StoredBlob row) throws IOException {
        try (DiskFile file = open()) {
            return new SegmentScan(file, identity, Long.MAX_VALUE)
                    .recordAt(row.position())
                    .filter(SegmentScan.Found::intact)
                    .filter(one -> one.head().storedAt(identity, row.position()).equals(row))
                    .isPresent();
        }
    }
}
