package io.mailkeep.segments.internal;

import io.mailkeep.kernel.DiskFile;
import io.mailkeep.segments.Finding;
import io.mailkeep.segments.Finding.Severity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Recomputes the invariants of one volume; changes nothing. */
public final class Doctor {
    private final Volume volume;
    private final List<Finding> findings = new ArrayList<>();

    public Doctor(Volume volume) {
        this.volume = volume;
    }

    /** Looks at all of it. */
    public List<Finding> run() {
        try {
            for (KnownSegment segment : volume.segments()) {
                if (segment.end() > SegmentIdentity.HEADER) {
                    segment(segment);
                }
            }
            for (String name : volume.disk().list(volume.folder())) {
                boolean mark = name.endsWith(".end") || name.endsWith(".dead");
                boolean ours =
                        mark || SmallFile.isTemporary(name) || SegmentName.parse(name).isPresent();
                if (!ours) {
                    add(Severity.NOTED, "V6", "'" + name + "' is no file of ours");
                }
            }
        } catch (IOException failure) {
            throw volume.away(failure);
        }
        return findings;
    }

    private void segment(KnownSegment segment) throws IOException {
        SegmentName name = segment.identity().name();
        // What is dead may be marked while we read; only what was so before is looked for.
        Set<Long> unseen = new HashSet<>(segment.dead());
        header(segment);
        Optional<SegmentScan.Result> result =
                volume.read(
                        segment,
                        SegmentIdentity.HEADER,
                        record -> {
                            unseen.remove(record.stored().position());
                            if (!record.intact() && !record.dead()) {
                                add(
                                        severity(segment, record.stored().position()),
                                        "V3",
                                        name
                                                + ": the body "
                                                + record.stored().blob()
                                                + " at "
                                                + record.stored().position()
                                                + " is damaged");
                            }
                        });
        if (result.isEmpty()) {
            return;
        }
        findings.addAll(VolumeOpening.gaps(segment, result.get()));
        if (result.get().validEnd() < segment.end()) {
            add(
                    severity(segment, result.get().validEnd()),
                    "V3",
                    name
                            + ": bytes "
                            + result.get().validEnd()
                            + " to "
                            + segment.end()
                            + " are no valid record: damaged");
        }
        for (long position : unseen) {
            add(
                    severity(segment, position),
                    "V5",
                    name + ": no record begins at the dead mark " + position);
        }
    }

    private void header(KnownSegment segment) throws IOException {
        SegmentName name = segment.identity().name();
        try (DiskFile file = volume.disk().open(name.file(volume.folder()))) {
            ByteBuffer start = ByteBuffer.allocate(SegmentIdentity.HEADER);
            file.read(0, start);
            if (segment.identity().recognise(start.flip()) != SegmentIdentity.Header.VALID) {
                add(severity(segment, 0), "V2", name + ": its header is damaged");
            }
            if (segment.closed() && file.size() != segment.end()) {
                Severity severity = severity(segment, file.size());
                add(
                        severity,
                        "V4",
                        name + " has " + file.size() + " bytes, " + segment.end() + " count");
            }
        }
    }

    /** Beyond what is proven durable a power cut may have taken back what nobody was promised. */
    private static Severity severity(KnownSegment segment, long position) {
        return position < segment.durable() ? Severity.BROKEN : Severity.NOTED;
    }

    private void add(Severity severity, String invariant, String text) {
        findings.add(new Finding(severity, volume.dataClass(), invariant, text));
    }
}
