package io.mailkeep.segments.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.segments.Finding;
import io.mailkeep.segments.Finding.Severity;
import io.mailkeep.segments.internal.SegmentIdentity.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds out what a volume holds. A segment with an end mark is taken at its word; one without (the
 * last of a life that ended in a crash, or a failed one) is read through once: what follows its
 * last valid record is cut, damage before that is kept and reported.
 */
final class VolumeOpening {
    private final Disk disk;
    private final Path folder;
    private final InstallationId installation;
    private final DataClass dataClass;
    private final Marks marks;
    private final List<Finding> findings = new ArrayList<>();
    private final NavigableMap<Long, KnownSegment> segments = new TreeMap<>();
    private long highest;
    private long cutTails;

    VolumeOpening(Disk disk, Path folder, InstallationId installation, DataClass dataClass) {
        this.disk = disk;
        this.folder = folder;
        this.installation = installation;
        this.dataClass = dataClass;
        this.marks = new Marks(disk, folder);
    }

    List<Finding> findings() {
        return findings;
    }

    long cutTails() {
        return cutTails;
    }

    /** The highest number of any segment file, those that were removed included. */
    long highest() {
        return highest;
    }

    /** The segments by their number. */
    NavigableMap<Long, KnownSegment> read() throws IOException {
        for (String name : disk.list(folder)) {
            if (SmallFile.isTemporary(name)) {
                disk.delete(folder.resolve(name));
            }
        }
        List<String> names = disk.list(folder);
        for (String name : names) {
            Optional<SegmentName> segment = SegmentName.parse(name);
            if (segment.isPresent()) {
                highest = Math.max(highest, segment.get().sequence());
                read(segment.get());
            }
        }
        for (String name : names) {
            tidy(name);
        }
        return segments;
    }

    private void read(SegmentName name) throws IOException {
        SegmentIdentity identity = new SegmentIdentity(installation, dataClass, name);
        KnownSegment segment = new KnownSegment(identity, true);
        for (Path mark : List.of(name.endMark(folder), name.deadMarks(folder))) {
            if (marks.damaged(mark)) {
                note(
                        Severity.NOTED,
                        "V4",
                        mark.getFileName() + ": the mark is damaged and not used");
            }
        }
        long size;
        try (DiskFile file = disk.open(name.file(folder))) {
            size = file.size();
            Optional<Marks.End> end = marks.readEnd(name);
            // A start after a kill believes what it reads in the page cache; a power cut may take
            // back what was never synced. What was proven durable must be there in any case.
            boolean lost = end.isPresent() && size < end.get().length();
            if (end.isPresent() && (!lost || size < end.get().durable())) {
                segment.reached(end.get().length(), end.get().durable());
                add(segment);
                compare(name, size, end.get().length());
                return;
            }
            ByteBuffer start = ByteBuffer.allocate(SegmentIdentity.HEADER);
            file.read(0, start);
            if (!recover(segment, file, identity.recognise(start.flip()))) {
                return;
            }
        }
        add(segment);
        if (size > segment.end()) {
            cutTail(name, size, segment.end());
        }
        try {
            marks.writeEnd(name, new Marks.End(segment.end(), segment.durable()));
        } catch (IOException failure) {
            note(Severity.NOTED, "V4", name + ": its end can't be marked (" + failure + ")");
        }
    }

    /** Reads a segment through; answers whether it is to be kept among the known ones. */
    private boolean recover(KnownSegment segment, DiskFile file, Header header) throws IOException {
        SegmentName name = segment.identity().name();
        if (header == Header.FOREIGN) {
            note(
                    Severity.BROKEN,
                    "V2",
                    name + " belongs to another installation, class or version; left alone");
            return false;
        }
        SegmentScan.Result result =
                new SegmentScan(file, segment.identity(), file.size())
                        .run(SegmentIdentity.HEADER, found -> {});
        if (result.records() == 0) {
            if (file.size() > SegmentIdentity.HEADER) {
                cutTails++;
                note(
                        Severity.NOTED,
                        "V3",
                        name + ": holds no whole record (" + file.size() + " bytes); removed");
            }
            marks.remove(name);
            return false;
        }
        if (header == Header.DAMAGED) {
            note(
                    result.durable() > 0 ? Severity.BROKEN : Severity.NOTED,
                    "V2",
                    name + ": its header is damaged");
        }
        segment.reached(result.validEnd(), result.durable());
        gaps(segment, result).forEach(findings::add);
        return true;
    }

    /** What lies between the records of a segment and isn't one. */
    static List<Finding> gaps(KnownSegment segment, SegmentScan.Result result) {
        List<Finding> found = new ArrayList<>();
        for (SegmentScan.Gap gap : result.gaps()) {
            boolean broken = gap.from() < segment.durable();
            String where =
                    segment.identity().name() + ": bytes " + gap.from() + " to " + gap.to() + " ";
            found.add(
                    new Finding(
                            broken ? Severity.BROKEN : Severity.NOTED,
                            segment.identity().dataClass(),
                            "V3",
                            where
                                    + (broken
                                            ? "were durable and are no valid record: damaged"
                                            : "are no valid record; they were in the last group"
                                                    + " before a crash")));
        }
        return found;
    }

    private void compare(SegmentName name, long size, long length) throws IOException {
        if (size > length) {
            cutTail(name, size, length);
        } else if (size < length) {
            note(
                    Severity.BROKEN,
                    "V4",
                    name + " has " + size + " bytes, its end mark says " + length + ": cut off");
        }
    }

    private void cutTail(SegmentName name, long size, long length) throws IOException {
        // Not forced: the end mark is what counts, and the file may have failed before.
        disk.cut(name.file(folder), length);
        cutTails++;
        note(
                Severity.NOTED,
                "V3",
                name + ": a torn tail of " + (size - length) + " bytes cut at " + length);
    }

    private void add(KnownSegment segment) throws IOException {
        segment.dead(marks.readDead(segment.identity().name()));
        segment.closed(0);
        segments.put(segment.identity().name().sequence(), segment);
    }

    private void tidy(String name) throws IOException {
        int dot = name.lastIndexOf('.');
        boolean mark = name.endsWith(".end") || name.endsWith(".dead");
        if (mark && !disk.exists(folder.resolve(name.substring(0, dot) + ".seg"))) {
            if (disk.exists(folder.resolve(name))) {
                disk.delete(folder.resolve(name));
            }
        } else if (!mark && SegmentName.parse(name).isEmpty()) {
            note(Severity.NOTED, "V6", "'" + name + "' is no file of ours; left alone");
        }
    }

    private void note(Severity severity, String invariant, String text) {
        findings.add(new Finding(severity, dataClass, invariant, text));
    }
}
